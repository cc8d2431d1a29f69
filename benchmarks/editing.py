"""The application with one more page, on which the benchmark edits a listing. For `make bench` only."""

from flask import request
from flask.typing import ResponseReturnValue

from facilities import create_app
from facilities.access import allow, anyone
from facilities.catalogue.actions import update_listing
from facilities.catalogue.models import Listing
from facilities.db import db
from facilities.pages import csrf
from facilities.search.warming import warm_up

app = create_app()
warm_up(app)


@app.post("/benchmark/listings/<int:listing_id>")
@csrf.exempt
@allow(anyone)
def edit(listing_id: int) -> ResponseReturnValue:
    update_listing(db.session.get_one(Listing, listing_id), {"summary": request.form["summary"]}, by="benchmark")
    return "", 204
