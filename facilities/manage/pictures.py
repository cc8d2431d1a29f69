"""Pictures that owners send: decoded, turned upright, made small enough and written anew without what cameras add."""

import struct
from contextlib import suppress
from io import BytesIO
from threading import Lock

from flask_babel import gettext as _
from PIL import Image, ImageCms, ImageOps

from facilities.catalogue.models import AttachmentKind
from facilities.manage.uploads import LARGEST_FILE, SMALL, WIDEST, CannotUse, Checked

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
MOST_PIXELS = 50_000_000
QUALITY = 82
HEIC_BRANDS = {b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"}
UNREADABLE = (OSError, SyntaxError, ValueError, EOFError, struct.error, Image.DecompressionBombError, MemoryError)

# The number of pixels is looked at below, before any is decoded.
Image.MAX_IMAGE_PIXELS = None

_one_at_a_time = Lock()


def read_picture(data: bytes) -> Checked:
    """The picture as WebP, at most WIDEST pixels wide and high, and smaller for galleries; of an animation the first
    frame. Raises CannotUse."""
    if not data:
        raise CannotUse(_("Choose a picture: this file is empty."))
    if len(data) > LARGEST_FILE:
        raise CannotUse(_("Choose a smaller file: pictures may have 20 MB."))
    _refuse_known(data)
    with _one_at_a_time:
        large = _upright(data)
        return Checked(
            data=_webp(large),
            extension="webp",
            media_type="image/webp",
            kind=AttachmentKind.IMAGE,
            small=_webp(_within(large.copy(), SMALL)),
            width=large.width,
            height=large.height,
        )


def _refuse_known(data: bytes) -> None:
    """Say what to do with kinds of pictures that are often sent and not taken."""
    if data[4:8] == b"ftyp" and data[8:12] in HEIC_BRANDS:
        raise CannotUse(_("Send this photo as JPEG: HEIC cannot be read here. On an iPhone, share it by mail, or set "
                          "Camera, Formats to “Most compatible”."))  # fmt: skip
    if b"<svg" in data[:4096].lower():
        raise CannotUse(_("Send this drawing as PNG: SVG files can hold programs and are not taken."))


def _upright(data: bytes) -> Image.Image:
    """The decoded picture in sRGB, turned as its camera noted, within WIDEST pixels, and nothing beside its pixels."""
    try:
        with Image.open(BytesIO(data), formats=FORMATS) as source:
            _refuse_size(source)
            source.draft("RGB", (WIDEST, WIDEST))
            fitting = _within(source, WIDEST)
            return _plain(ImageOps.exif_transpose(fitting))
    except UNREADABLE as error:
        if isinstance(error, CannotUse):
            raise
        raise CannotUse(_("Choose a JPEG, PNG, WebP or GIF: this file cannot be read as one.")) from error


def _refuse_size(source: Image.Image) -> None:
    if source.width * source.height > MOST_PIXELS:
        raise CannotUse(
            _("Make the picture smaller: it has %(number)d million pixels, and 50 can be read.",
              number=source.width * source.height // 1_000_000)
        )  # fmt: skip


def _within(picture: Image.Image, longest: int) -> Image.Image:
    """The picture with neither side longer; it is made smaller itself, for a copy of the whole would be large."""
    fitting = _scalable(picture)
    fitting.thumbnail((longest, longest), Image.Resampling.LANCZOS, reducing_gap=3.0)
    return fitting


def _scalable(picture: Image.Image) -> Image.Image:
    """The picture in a mode whose pixels can be mixed: palettes as colours, 16 bits of grey as 8."""
    if picture.mode in ("P", "PA"):
        return picture.convert("RGBA")
    if picture.mode.startswith("I"):
        return picture.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    return picture.convert("L") if picture.mode == "1" else picture


def _plain(picture: Image.Image) -> Image.Image:
    """Its pixels as sRGB, with transparency where it has any, and nothing else."""
    profile = picture.info.get("icc_profile")
    transparent = picture.mode in ("RGBA", "LA", "PA", "La") or "transparency" in picture.info
    if profile and not transparent and picture.mode in ("RGB", "CMYK"):
        with suppress(ImageCms.PyCMSError, OSError, ValueError):
            given = ImageCms.ImageCmsProfile(BytesIO(profile))
            picture = (
                ImageCms.profileToProfile(picture, given, ImageCms.createProfile("sRGB"), outputMode="RGB") or picture
            )
    plain = picture.convert("RGBA" if transparent else "RGB")
    plain.info = {}
    return plain


def _webp(picture: Image.Image) -> bytes:
    file = BytesIO()
    picture.save(file, "WEBP", quality=QUALITY, method=4, exif=b"", xmp=b"", icc_profile=b"")
    return file.getvalue()
