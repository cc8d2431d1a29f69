"""Enquiries: those who ask, and those who answer by link."""

from tests.rights_table.answers import ANYONE, NOBODY, NOT_THEIRS, SIGNED_IN

TABLE = {
    ANYONE: """
        GET enquiries.shortlist /enquiries/shortlist
        GET enquiries.new /enquiries/new?listing={instrument}
        GET enquiries.new /enquiries/new?listing={draft}
        GET enquiries.need /enquiries/need
        POST enquiries.need /enquiries/need
        POST enquiries.change_shortlist /enquiries/shortlist
        POST enquiries.new /enquiries/new?listing={instrument}
        GET enquiries.answer /enquiries/answer/{recipient_token}
        GET enquiries.recipients_file /enquiries/answer/{recipient_token}/files/{enquiry_file}
        GET enquiries.private /enquiries/{enquiry_token}
        GET enquiries.requesters_file /enquiries/{enquiry_token}/files/{enquiry_file}
        POST enquiries.reply /enquiries/{enquiry_token}/threads/{thread}
        POST enquiries.reply_to_everybody /enquiries/{enquiry_token}/all
        GET enquiries.end_thread /enquiries/{enquiry_token}/threads/{thread}/withdraw
        POST enquiries.end_thread /enquiries/{enquiry_token}/threads/{thread}/withdraw
        POST enquiries.renew /enquiries/{enquiry_token}/link
        POST enquiries.new_link /enquiries/made-up/new-link
        GET enquiries.export /enquiries/{enquiry_token}/export
        GET enquiries.erase_enquiry /enquiries/{enquiry_token}/erase
        POST enquiries.erase_enquiry /enquiries/{enquiry_token}/erase
        POST enquiries.change_answer /enquiries/answer/{recipient_token}
        GET enquiries.booking /enquiries/{enquiry_token}/booking/{thread}/times
        POST enquiries.booking /enquiries/{enquiry_token}/booking/{thread}/times
        GET enquiries.booking_file /enquiries/{enquiry_token}/booking/{thread}.ics
        GET enquiries.answer_booking /enquiries/answer/{recipient_token}/booking/cancel
        POST enquiries.answer_booking /enquiries/answer/{recipient_token}/booking/cancel
        GET enquiries.answer_booking_file /enquiries/answer/{recipient_token}/booking.ics
    """,
    SIGNED_IN: """
        GET own_enquiries.own /account/enquiries
    """,
    NOBODY: """
        GET enquiries.private /enquiries/made-up
        GET enquiries.requesters_file /enquiries/made-up/files/{enquiry_file}
        GET enquiries.recipients_file /enquiries/answer/made-up/files/{enquiry_file}
        POST enquiries.reply /enquiries/made-up/threads/{thread}
        POST enquiries.reply_to_everybody /enquiries/made-up/all
        GET enquiries.end_thread /enquiries/made-up/threads/{thread}/withdraw
        POST enquiries.renew /enquiries/made-up/link
    """,
    NOT_THEIRS: """
        GET own_enquiries.open_own /account/enquiries/{enquiry}
    """,
}
