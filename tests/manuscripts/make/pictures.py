"""Tiny pictures: bars, drawn with pillow."""

from io import BytesIO

from PIL import Image, ImageDraw


def chart(number: int, kind: str = "PNG") -> bytes:
    """A small chart of bars; another one for each number."""
    picture = Image.new("RGB", (160, 90), "white")
    draw = ImageDraw.Draw(picture)
    for bar in range(6):
        height = 12 + (bar * 17 + number * 23) % 60
        draw.rectangle((10 + bar * 24, 80 - height, 26 + bar * 24, 80), fill=(30, 60 + 25 * bar, 110))
    draw.line((6, 80, 154, 80), fill="black")
    out = BytesIO()
    picture.save(out, kind)
    return out.getvalue()
