"""Throwaway servers for the tests: from the machine, else from wheels.

Each lives in a folder of its own, forgets everything when stopped, and trades durability for
speed. Where neither source has one the tests fail; they are never skipped.
"""
