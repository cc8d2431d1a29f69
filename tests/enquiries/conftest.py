"""The cast of an enquiry, for the tests of this folder."""

from tests.enquiry_cast import app, app_on_each, catalogue, post_office, visitor

__all__ = ["app", "app_on_each", "catalogue", "post_office", "visitor"]
