"""Recognises speech. On stdin, for each recording: its length in bytes (32 bits, little-endian) and that many bytes of
16-bit mono PCM at 16 kHz. On stdout, for each recording, a line of JSON: the words with their times in seconds."""

import json
import re
import struct
import sys

from pocketsphinx import Decoder

# Each recording is normalised by itself, and by an analyser that begins anew (`reinit_feat`): else what was heard before
# would change what is heard now, and a message that is delivered again could get another transcript.
decoder = Decoder(cmn="batch", loglevel="FATAL")
frames_per_second = decoder.config["frate"]


def recognize(pcm):
    decoder.reinit_feat()
    decoder.start_utt()
    decoder.process_raw(pcm, full_utt=True)
    decoder.end_utt()
    # "<sil>" and "[NOISE]" are not words; "the(2)" is a way to pronounce "the".
    return [
        {
            "word": re.sub(r"\(\d+\)$", "", segment.word),
            "start": segment.start_frame / frames_per_second,
            "end": (segment.end_frame + 1) / frames_per_second,
        }
        for segment in decoder.seg() or []
        if not segment.word.startswith(("<", "["))
    ]


def say(value):
    print(json.dumps(value), flush=True)


say({"ready": True})
while header := sys.stdin.buffer.read(4):
    (length,) = struct.unpack("<I", header)
    say({"words": recognize(sys.stdin.buffer.read(length))})
