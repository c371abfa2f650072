export { decodeSpeech, SPEECH_RATE } from './decode.js';
export { wavFile } from './wav.js';
export { waveformOf } from './waveform.js';
