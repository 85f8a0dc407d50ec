"""The models that embed, judge, read and talk."""
