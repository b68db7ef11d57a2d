"""The version of this library, for its `User-Agent`."""

VERSION = "0.1.0"
