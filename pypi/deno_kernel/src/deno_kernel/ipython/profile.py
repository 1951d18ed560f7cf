"""The directory of IPython's profile, in which some magics keep what they know."""

from __future__ import annotations

import os


class ProfileDirError(Exception):
    """A `ProfileDirError` says that a profile directory cannot be used."""


class ProfileDir:
    """A `ProfileDir` has the paths of the files of a profile; nothing is made before something is kept there."""

    def __init__(self, location: str) -> None:
        self.location = location
        self.security_dir = os.path.join(location, "security")
        self.log_dir = os.path.join(location, "log")
        self.startup_dir = os.path.join(location, "startup")
        self.pid_dir = os.path.join(location, "pid")
        self.static_dir = os.path.join(location, "static")

    @classmethod
    def find_profile_dir(cls, profile_dir: str) -> ProfileDir:
        """Returns a profile by its path; raises ProfileDirError if there is no such directory."""
        if not os.path.isdir(os.path.expanduser(profile_dir)):
            raise ProfileDirError(f"Profile directory not found in paths: {profile_dir}")
        return cls(os.path.expanduser(profile_dir))
