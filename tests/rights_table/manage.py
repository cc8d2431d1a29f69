"""The pages of owners."""

from tests.rights_table.answers import (
    EDITORS,
    EDITORS_OF_DRAFT,
    MANAGERS,
    MANAGERS_OF_DRAFT,
    MODERATORS,
    NO_TEAM,
    NOBODY,
    SIGNED_IN,
    THREAD_ANSWERERS,
    THREAD_READERS,
)

TABLE = {
    SIGNED_IN: """
        GET manage.home /manage/
        GET manage.listings /manage/listings
        GET manage.new /manage/listings/new
        GET manage.numbers /manage/numbers
        GET manage.numbers_csv /manage/numbers.csv
        GET manage.teams /manage/team
        GET manage.enquiries /manage/enquiries
        GET manage.places /manage/places?q=lund
        GET manage.techniques /manage/techniques?q=facs
        GET manage.export_enquiries /manage/enquiries/export
        GET manage.export /manage/export
        GET manage.export_file /manage/export/file?format=csv
        GET manage.imports /manage/import
        POST manage.confirm /manage/confirm
        POST manage.several /manage/listings/several
        POST manage.send_spreadsheet /manage/import
        GET manage.places_within /manage/places/within?box=55,12,56,14
    """,
    EDITORS: """
        GET manage.listing_numbers /manage/listings/{instrument}/numbers
        GET manage.listing_numbers_csv /manage/listings/{instrument}/numbers.csv
        GET manage.routing /manage/listings/{instrument}/routing
        POST manage.change_leave /manage/listings/{instrument}/routing
        GET manage.listing_hub /manage/listings/{instrument}
        GET manage.edit /manage/listings/{instrument}/edit
        GET manage.edit_section /manage/listings/{instrument}/edit/basics
        GET manage.history /manage/listings/{instrument}/history
        GET manage.who_changed /manage/listings/{instrument}/history/fields
        GET manage.compare /manage/listings/{instrument}/history/compare
        GET manage.version /manage/listings/{instrument}/history/1
        GET manage.life /manage/listings/{instrument}/life
        GET manage.preview /manage/listings/{instrument}/preview
        GET manage.people /manage/listings/{facility}/team
        GET manage.answer_templates /manage/listings/{instrument}/answer-templates
        POST manage.answer_templates /manage/listings/{instrument}/answer-templates
        GET manage.answer_template /manage/listings/{instrument}/answer-templates/{answer_template}
        POST manage.answer_template /manage/listings/{instrument}/answer-templates/{answer_template}
        GET manage.new_instruments /manage/listings/{facility}/instruments/new
        POST manage.new /manage/listings/new?parent={facility}
        POST manage.copy /manage/listings/{instrument}/copy
        POST manage.edit_section /manage/listings/{instrument}/edit/basics
        POST manage.save_media /manage/listings/{instrument}/edit/media
        POST manage.restore /manage/listings/{instrument}/history/1/restore
        POST manage.take_step /manage/listings/{instrument}/life/publish
        POST manage.take_step /manage/listings/{instrument}/life/hand_in
        POST manage.take_step /manage/listings/{instrument}/life/take_back
        POST manage.take_step /manage/listings/{instrument}/life/call_off
        POST manage.take_step /manage/listings/{instrument}/life/bring_back
        POST manage.take_step /manage/listings/{instrument}/life/archive
        POST manage.new_instruments /manage/listings/{facility}/instruments/new
        GET manage.people /manage/listings/{strict}/team
    """,
    EDITORS_OF_DRAFT: """
        GET manage.listing_hub /manage/listings/{draft}
        GET manage.edit /manage/listings/{draft}/edit
        GET manage.edit_section /manage/listings/{draft}/edit/basics
        GET manage.history /manage/listings/{draft}/history
        GET manage.who_changed /manage/listings/{draft}/history/fields
        GET manage.compare /manage/listings/{draft}/history/compare
        GET manage.version /manage/listings/{draft}/history/1
        GET manage.life /manage/listings/{draft}/life
        GET manage.preview /manage/listings/{draft}/preview
        POST manage.copy /manage/listings/{draft}/copy
        POST manage.edit_section /manage/listings/{draft}/edit/basics
        POST manage.save_media /manage/listings/{draft}/edit/media
        POST manage.restore /manage/listings/{draft}/history/1/restore
        POST manage.take_step /manage/listings/{draft}/life/publish
        POST manage.take_step /manage/listings/{draft}/life/hand_in
        POST manage.take_step /manage/listings/{draft}/life/take_back
        POST manage.take_step /manage/listings/{draft}/life/call_off
        POST manage.take_step /manage/listings/{draft}/life/bring_back
        POST manage.take_step /manage/listings/{draft}/life/archive
    """,
    MANAGERS: """
        GET manage.import_page /manage/import/{run}
        GET manage.import_columns /manage/import/{run}/columns
        GET manage.import_progress /manage/import/{run}/progress
        GET manage.import_problems /manage/import/{run}/problems.csv
        GET manage.undo_page /manage/import/{run}/undo
        POST manage.check_import /manage/import/{run}/columns
        POST manage.accept_import /manage/import/{run}/accept
        POST manage.drop_import /manage/import/{run}/drop
        POST manage.undo_import /manage/import/{run}/undo
        POST manage.withdraw /manage/listings/{instrument}/life/withdraw
        POST manage.people /manage/listings/{facility}/team
        POST manage.change_member /manage/listings/{facility}/team/{grant}
        POST manage.change_invitation /manage/listings/{facility}/team/invitations/{invitation}
    """,
    MANAGERS_OF_DRAFT: """
        POST manage.withdraw /manage/listings/{draft}/life/withdraw
        GET manage.edit /manage/reviews/{waiting}/sections
        GET manage.edit_section /manage/reviews/{waiting}/sections/basics
        POST manage.edit_section /manage/reviews/{waiting}/sections/basics
        POST manage.save_media /manage/reviews/{waiting}/sections/media
    """,
    MODERATORS: """
        GET manage.edit /manage/reviews/{strict}/sections
        GET manage.edit_section /manage/reviews/{strict}/sections/basics
    """,
    NOBODY: """
        GET confirm.confirm_by_link /confirm-listings/made-up
        POST confirm.confirm_by_link /confirm-listings/made-up
    """,
    THREAD_ANSWERERS: """
        GET manage.booking /manage/enquiries/{thread}/booking/cancel
        POST manage.booking /manage/enquiries/{thread}/booking/cancel
        GET manage.booking_file /manage/enquiries/{thread}/booking.ics
    """,
    THREAD_READERS: """
        GET manage.thread /manage/enquiries/{thread}
        GET manage.thread_file /manage/enquiries/{thread}/files/{enquiry_file}
        POST manage.change_thread /manage/enquiries/{thread}
    """,
    NO_TEAM: """
        GET manage.people /manage/listings/{draft}/team
    """,
}
