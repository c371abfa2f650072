/** Boxes that hold boxes, on the way to the sample sizes of a track. */
const CONTAINERS = new Set(['moov', 'trak', 'mdia', 'minf', 'stbl']);

/** Samples in a frame of AAC; twice as many in HE-AAC. */
const FRAME_SAMPLES = 1_024;
/** Nothing that people speak into records faster. */
const MAX_TIMESCALE = 96_000;

/**
 * At least how many seconds of sound an MP4 file would decode to. By its sample table, since the duration in its header
 * may be anything, but each frame that is counted is decoded. 0 for a fragmented file, whose frames come bit by bit.
 */
export function soundSeconds(file: Uint8Array): number {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const tracks: { sound: boolean; frames: number; timescale: number }[] = [];
  walk(view, 0, view.byteLength, (type, start, end) => {
    const [track, length] = [tracks.at(-1), end - start];
    if (type === 'trak') tracks.push({ sound: false, frames: 0, timescale: MAX_TIMESCALE });
    else if (track === undefined || length < 12) return;
    else if (type === 'hdlr') track.sound = tag(view, start + 8) === 'soun';
    else if (type === 'stsz') track.frames = view.getUint32(start + 8);
    else if (type === 'mdhd' && length >= 24)
      track.timescale = view.getUint32(start + (view.getUint8(start) === 1 ? 20 : 12));
  });
  const seconds = tracks
    .filter(({ sound }) => sound)
    .map(({ frames, timescale }) => (frames * FRAME_SAMPLES) / Math.min(timescale || 1, MAX_TIMESCALE));
  return Math.max(0, ...seconds);
}

function walk(
  view: DataView,
  from: number,
  to: number,
  visit: (type: string, start: number, end: number) => void,
): void {
  let at = from;
  while (at + 8 <= to) {
    const short = view.getUint32(at);
    const long = short === 1 && at + 16 <= to;
    const size = long ? Number(view.getBigUint64(at + 8)) : short === 0 ? to - at : short;
    const header = long ? 16 : 8;
    if (size < header) return;
    const [start, end] = [at + header, Math.min(at + size, to)];
    const type = tag(view, at + 4);
    visit(type, start, end);
    if (CONTAINERS.has(type)) walk(view, start, end, visit);
    at += size;
  }
}

function tag(view: DataView, at: number): string {
  return String.fromCharCode(...[0, 1, 2, 3].map(i => view.getUint8(at + i)));
}
