import { useEffect, useRef } from 'preact/hooks';
import { IMAGE_TYPES } from '../../api/limits.js';
import { complain } from '../model/notices.js';
import { attach } from '../model/pictures.js';
import { canRecord, recording, startRecording } from '../model/recorder.js';
import { Captions } from './Captions.js';
import { IconButton } from './IconButton.js';
import { RecordingBar } from './RecordingBar.js';
import { Tray } from './Tray.js';

/** Where one speaks. */
export function Composer({ thread }: { readonly thread: string }) {
  const files = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const onPaste = ({ clipboardData }: ClipboardEvent) => {
      const pasted = [...(clipboardData?.files ?? [])];
      if (pasted.length > 0) attach(thread, pasted).catch(complain);
    };
    addEventListener('paste', onPaste);
    return () => removeEventListener('paste', onPaste);
  }, [thread]);
  const now = recording.value;
  return (
    <div class="composer">
      <Tray thread={thread} />
      {now?.thread === thread ? (
        <>
          <RecordingBar now={now} />
          <Captions />
        </>
      ) : (
        <div class="bar">
          <IconButton icon="image" label="Attach pictures" onClick={() => files.current?.click()} />
          <input
            ref={files}
            type="file"
            class="only-read"
            tabIndex={-1}
            aria-hidden="true"
            accept={IMAGE_TYPES.join(',')}
            multiple
            onChange={event => {
              const input = event.currentTarget;
              attach(thread, [...(input.files ?? [])])
                .catch(complain)
                .finally(() => {
                  input.value = '';
                });
            }}
          />
          <p class="hint">
            {canRecord() ? (
              <>
                Record a message<span class="wide">, or drop pictures here</span>
              </>
            ) : (
              'This browser cannot record; pictures can be sent.'
            )}
          </p>
          {canRecord() && (
            <IconButton
              icon="mic"
              class="record"
              size={26}
              label={now ? 'Another recording is running' : 'Record a voice message'}
              disabled={now !== undefined}
              onClick={() => startRecording(thread)}
            />
          )}
        </div>
      )}
    </div>
  );
}
