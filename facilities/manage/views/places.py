"""Towns and addresses for whoever types a place."""

from flask import abort, jsonify, request
from flask.typing import ResponseReturnValue

from facilities.access import allow, signed_in
from facilities.catalogue.gazetteer import suggest_places, towns_within
from facilities.manage.views import bp

LONGEST = 300


@bp.route("/places")
@allow(signed_in)
def places() -> ResponseReturnValue:
    """`q` is a town or an address; the answer's coordinates are those of the town."""
    found = suggest_places(request.args.get("q", "")[:LONGEST], request.args.get("country"))
    return jsonify(places=[{"label": address.label, "fields": address.fields} for address in found])


@bp.route("/places/within")
@allow(signed_in)
def places_within() -> ResponseReturnValue:
    """The largest towns of a part of the map: `box` is south,west,north,east in degrees."""
    try:
        south, west, north, east = map(float, request.args.get("box", "").split(","))
    except ValueError:
        abort(400)
    found = towns_within(south, west, north, east)
    return jsonify(towns=[{"name": town.name, "lat": town.lat, "lng": town.lng} for town in found])
