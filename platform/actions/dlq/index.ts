export {
  type DlqPorts,
  listDeadLetters,
  showDeadLetter,
  type WaitingLetter,
} from './letters.js';
export { type ReplayOptions, type ReplayResult, replayDeadLetters } from './replay.js';
