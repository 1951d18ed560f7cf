"""Images, audio and video."""

from __future__ import annotations

import html
import mimetypes
import os
from typing import Any

from ..host.json_text import base64_text
from .objects import DisplayObject

_SIGNATURES = {
    "png": b"\x89PNG\r\n\x1a\n",
    "jpeg": b"\xff\xd8",
    "gif": b"GIF8",
}
_MIME = {"png": "image/png", "jpeg": "image/jpeg", "gif": "image/gif", "webp": "image/webp"}


class Image(DisplayObject):
    """An `Image` is a PNG, JPEG, GIF or WebP image; it is embedded unless only its URL is given."""

    _read_flags = "rb"
    _ACCEPTABLE_EMBEDDINGS = tuple(_MIME)
    _MIMETYPES = _MIME

    def __init__(
        self,
        data: Any = None,
        url: str | None = None,
        filename: Any = None,
        format: str | None = None,
        embed: bool | None = None,
        width: int | None = None,
        height: int | None = None,
        retina: bool = False,
        unconfined: bool = False,
        metadata: dict[str, Any] | None = None,
        alt: str | None = None,
    ) -> None:
        if isinstance(data, str) and data.startswith("data:image/"):
            from binascii import a2b_base64

            data = a2b_base64(data.partition(",")[2])
        if isinstance(data, (str, os.PathLike)) and url is None and filename is None:
            text = os.fspath(data)
            image = _base64_image(text)
            if image is not None:
                data = image
            elif text.startswith(("http://", "https://")):
                url, data = text, None
            else:
                filename, data = text, None
        if data is None and url is None and filename is None:
            raise ValueError("No image data found: give data, a file name or an address")
        self.embed = embed if embed is not None else url is None
        self.width, self.height = width, height
        self.retina, self.unconfined, self.alt = retina, unconfined, alt
        self._asked_format = format
        super().__init__(data, url, filename, metadata)
        self.format = self._format(format)
        if retina and self.width is None:
            self._halve()

    def reload(self) -> None:
        if self.embed or self.filename is not None:
            super().reload()

    def _format(self, given: str | None) -> str:
        if given is not None:
            name = given.lower()
        else:
            name = _format_of(self.data) or os.path.splitext(self.filename or self.url or "")[1][1:].lower() or "png"
        name = "jpeg" if name == "jpg" else name
        if self.embed and name not in _MIME:
            raise ValueError(f"Cannot embed the {name!r} image format: there are {', '.join(_MIME)}")
        return name

    def _halve(self) -> None:
        size = png_size(self.data) or jpeg_size(self.data)
        if size:
            self.width, self.height = size[0] // 2, size[1] // 2

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Any:
        if not self.embed:
            return {"text/html": self._tag(self.url or "")}, {}
        mime = _MIME[self.format]
        if self.data is None or isinstance(self.data, str):
            raise ValueError("The image has no data")
        if self.format == "gif" or self.format == "webp":
            address = f"data:{mime};base64,{base64_text(self.data)}"
            return {mime: self.data, "text/html": self._tag(address)}, {mime: self._sizes()} if self._sizes() else {}
        sizes = self._sizes()
        return {mime: self.data}, {mime: sizes} if sizes else {}

    def _repr_html_(self) -> str | None:
        if not self.embed:
            return self._tag(self.url or "")
        return self._repr_mimebundle_()[0].get("text/html")

    def _repr_png_(self) -> Any:
        return self._form_of("png")

    def _repr_jpeg_(self) -> Any:
        return self._form_of("jpeg")

    def _form_of(self, name: str) -> Any:
        """Returns the image, as base64 text and with its sizes if it has any; None if it has another format."""
        if not self.embed or self.format != name:
            return None
        sizes, text = self._sizes(), base64_text(self.data)
        return (text, sizes) if sizes else text

    def _sizes(self) -> dict[str, Any]:
        sizes: dict[str, Any] = dict(self.metadata or {})
        for name in ("width", "height", "unconfined", "alt"):
            value = getattr(self, name)
            if value:
                sizes[name] = value
        return sizes

    def _tag(self, address: str) -> str:
        attributes = [f'src="{html.escape(address)}"']
        for name in ("width", "height", "alt"):
            value = getattr(self, name)
            if value:
                attributes.append(f'{name}="{html.escape(str(value))}"')
        if self.unconfined:
            attributes.append('class="unconfined"')
        return f"<img {' '.join(attributes)}/>"


def _format_of(data: Any) -> str | None:
    if not isinstance(data, (bytes, bytearray)):
        return None
    for name, signature in _SIGNATURES.items():
        if data.startswith(signature):
            return name
    return "webp" if data[:4] == b"RIFF" and data[8:12] == b"WEBP" else None


def png_size(data: Any) -> tuple[int, int] | None:
    """Returns width and height of a PNG in pixels; None for any other data."""
    if _format_of(data) != "png" or len(data) < 24:
        return None
    return int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")


def jpeg_size(data: Any) -> tuple[int, int] | None:
    """Returns width and height of a JPEG in pixels; None for any other data."""
    if _format_of(data) != "jpeg":
        return None
    at = 2
    while at + 9 <= len(data):
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):  # This is the header of a frame.
            return int.from_bytes(data[at + 7 : at + 9], "big"), int.from_bytes(data[at + 5 : at + 7], "big")
        at += 2 + length
    return None


def _base64_image(text: str) -> bytes | None:
    """Returns the image that a text is in base64; None for other text, such as the name of a file."""
    data = _from_base64(text)
    return data if _format_of(data) else None


def _from_base64(text: str) -> bytes | None:
    """Returns what a text is in base64; None for other text, and for the name of a file."""
    from binascii import Error, a2b_base64

    if os.path.exists(text):
        return None
    try:
        return a2b_base64(text, strict_mode=True)
    except (Error, ValueError):
        return None


class Audio(DisplayObject):
    """An `Audio` is a file, its bytes, or samples with their rate in Hz."""

    _read_flags = "rb"

    def __init__(
        self,
        data: Any = None,
        filename: Any = None,
        url: str | None = None,
        embed: bool | None = None,
        rate: int | None = None,
        autoplay: bool = False,
        normalize: bool = True,
        *,
        element_id: str | None = None,
    ) -> None:
        if data is None and filename is None and url is None:
            raise ValueError("No audio data found: give data, a file name or an address")
        if embed is False and url is None:
            raise ValueError("Without an address, audio can only be embedded")
        self.embed = embed if embed is not None else url is None
        self.autoplay = autoplay
        self.element_id = element_id
        if data is not None and not isinstance(data, (bytes, str, os.PathLike)):
            if rate is None:
                raise ValueError("rate must be specified when data is a numpy array or list of audio samples.")
            data = _wave(data, rate, normalize)
            self.mimetype = "audio/wav"
        else:
            self.mimetype = ""
        super().__init__(data, url, filename)
        if not self.mimetype:
            guess = mimetypes.guess_type(self.filename or self.url or "")[0]
            self.mimetype = guess or "audio/wav"

    def reload(self) -> None:
        if self.embed or self.filename is not None:
            super().reload()

    def _repr_html_(self) -> str:
        if self.embed:
            address = f"data:{self.mimetype};base64,{base64_text(self.data)}"
        else:
            address = html.escape(self.url or "")
        play = ' autoplay="autoplay"' if self.autoplay else ""
        name = f' id="{html.escape(self.element_id)}"' if self.element_id else ""
        return (
            f'<audio{name} controls="controls"{play}><source src="{address}" type="{self.mimetype}"/>'
            "Your browser does not support the audio element.</audio>"
        )


def _wave(samples: Any, rate: int, normalize: bool) -> bytes:
    """Returns a 16-bit WAV file of samples: a sequence of numbers, or a numpy array of shape (channels, samples)."""
    import array
    import io
    import wave

    shape = getattr(samples, "shape", None)
    channels = 1
    if shape is not None and len(shape) == 2:
        channels = shape[0]
        samples = samples.T.ravel().tolist()
    else:
        samples = samples.tolist() if hasattr(samples, "tolist") else list(samples)
    peak = max((abs(sample) for sample in samples), default=0)
    if not normalize and peak > 1:
        raise ValueError("Samples must be between -1 and 1 when they are not normalized")
    scale = 32767 / (peak or 1) if normalize else 32767
    frames = array.array("h", (int(sample * scale) for sample in samples))
    import sys

    if sys.byteorder == "big":
        frames.byteswap()
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(channels)
        writer.setsampwidth(2)
        writer.setframerate(rate)
        writer.writeframes(frames.tobytes())
    return file.getvalue()


class Video(DisplayObject):
    """A `Video` is shown from its URL, or embedded."""

    _read_flags = "rb"

    def __init__(
        self, data: Any = None, url: str | None = None, filename: Any = None, embed: bool = False,
        mimetype: str | None = None, width: int | None = None, height: int | None = None,
        html_attributes: str = "controls",
    ) -> None:  # fmt: skip
        if isinstance(data, (str, os.PathLike)) and url is None and filename is None:
            text = os.fspath(data)
            if text.startswith(("http://", "https://")) or not embed and not os.path.exists(text):
                url, data = text, None
            elif (decoded := _from_base64(text)) is not None:
                data = decoded
            else:
                filename, data = text, None
        if data is not None and not embed:
            raise ValueError("Bytes can only be embedded: set embed=True")
        self.embed = embed
        self.mimetype = mimetype
        self.width, self.height = width, height
        self.html_attributes = html_attributes
        super().__init__(data, url, filename)

    def reload(self) -> None:
        if self.embed:
            super().reload()

    def _repr_html_(self) -> str:
        sizes = "".join(
            f' {name}="{value}"' for name, value in (("width", self.width), ("height", self.height)) if value
        )
        where = self.filename or self.url or ""
        if self.embed:
            mime = self.mimetype or mimetypes.guess_type(where)[0] or "video/mp4"
            source = f"data:{mime};base64,{base64_text(self.data)}"
        else:
            source = html.escape(where)
        return (
            f'<video src="{source}" {self.html_attributes}{sizes}>'
            "Your browser does not support the video element.</video>"
        )
