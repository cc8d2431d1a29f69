"""The cast of an enquiry, for the tests of this folder."""

from tests.enquiries.arriving import arrivals, enquiry
from tests.enquiry_cast import app, app_on_each, catalogue, counting, counting_on_postgresql, post_office, visitor

__all__ = [
    "app",
    "app_on_each",
    "arrivals",
    "catalogue",
    "counting",
    "counting_on_postgresql",
    "enquiry",
    "post_office",
    "visitor",
]
