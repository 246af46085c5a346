"""kan (刊): from semantic XML briefs to a finished periodical. `pipeline/build.py` is the map."""

__version__ = "0.1.0"
