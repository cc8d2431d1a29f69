"""The cast of an enquiry, for the tests of this folder."""

from tests.enquiry_cast import app, app_on_each, catalogue, counting, counting_on_postgresql, post_office, visitor

__all__ = [
    "app",
    "app_on_each",
    "catalogue",
    "counting",
    "counting_on_postgresql",
    "post_office",
    "visitor",
]
