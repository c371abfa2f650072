import { ServiceError } from '../../errors.js';
import type { Log } from '../log.js';
import type { Message, Producer } from '../port.js';
import { type DeadLetter, toDeadLetter } from './dead-letter.js';

/**
 * Puts a message into the dead letters.
 *
 * @returns whether it is there; if not, it must be kept
 */
export async function bury(
  producer: Producer | undefined,
  message: Message,
  letter: Omit<DeadLetter, 'messageId' | 'time'>,
  log: Log,
): Promise<boolean> {
  const fields = { topic: letter.topic, id: message.id, attempt: letter.attempts, code: letter.code };
  if (producer === undefined) {
    log('error', 'message-hopeless', fields);
    return false;
  }
  try {
    await producer.send(toDeadLetter(message, { ...letter, messageId: message.id, time: new Date() }));
    log('warn', 'message-dead-lettered', fields);
    return true;
  } catch (error) {
    log('error', 'dead-letter-failed', {
      ...fields,
      code: error instanceof ServiceError ? error.code : 'Unexpected',
    });
    return false;
  }
}
