"""Listings of organisations, facilities, instruments, services and offers, and their public pages."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Attach the catalogue's pages and the words its cards are made of."""
    from facilities.catalogue.card_texts import called, card_text
    from facilities.catalogue.card_words import maker_beside, open_to
    from facilities.catalogue.confirmation import confirmation, overdue_before
    from facilities.catalogue.views import bp

    app.add_template_filter(called)
    for word in (card_text, confirmation, maker_beside, open_to, overdue_before):
        app.add_template_global(word)
    app.register_blueprint(bp)
