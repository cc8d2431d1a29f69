"""Enquiries: from the form to the letters that reach a listing's contacts."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Attach the enquiry pages, and give templates the words about waiting."""
    from facilities.enquiries.booking.pages import clashes
    from facilities.enquiries.booking.standing import slot_state, standing
    from facilities.enquiries.booking.times import booking_time, zone_text
    from facilities.enquiries.numbers import init_app as count_numbers
    from facilities.enquiries.proof import mailed_path
    from facilities.enquiries.reminders.answer_times import answers_within
    from facilities.enquiries.reminders.telling import next_words, waiting_words
    from facilities.enquiries.routing import explain
    from facilities.enquiries.spam.links import unlinked
    from facilities.enquiries.spam.showing import said, said_plainly
    from facilities.enquiries.spam.signs import in_words
    from facilities.enquiries.summary import offer_lines, request_lines
    from facilities.enquiries.views import bp
    from facilities.enquiries.views.own import own_bp

    app.add_template_filter(answers_within)
    app.add_template_filter(next_words, "if_silent")
    app.add_template_filter(waiting_words)
    app.add_template_filter(booking_time)
    app.add_template_global(zone_text, "booking_zone")
    app.add_template_global(standing, "booking_standing")
    app.add_template_global(slot_state, "slot_state")
    app.add_template_global(clashes, "booking_clashes")
    app.add_template_filter(mailed_path)
    app.add_template_filter(offer_lines)
    app.add_template_filter(request_lines)
    app.add_template_filter(said)
    app.add_template_filter(said_plainly)
    app.add_template_filter(unlinked)
    app.add_template_filter(in_words, "spam_signs")
    app.add_template_filter(explain, "why_received")
    count_numbers(app)
    app.register_blueprint(bp)
    app.register_blueprint(own_bp)
