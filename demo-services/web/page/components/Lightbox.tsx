import { Dialog } from './Dialog.js';

export interface LightboxProps {
  readonly alt: string;
  readonly src: string;
  readonly original: string;
  readonly preview: string;
  readonly width: number;
  readonly height: number;
  readonly onClose: () => void;
}

export function Lightbox({ alt, src, original, preview, width, height, onClose }: LightboxProps) {
  return (
    <Dialog title={alt} class="lightbox" onClose={onClose}>
      <img
        src={src}
        alt={alt}
        width={width}
        height={height}
        style={{ backgroundImage: `url("${preview}")` }}
      />
      <footer>
        <a href={original} target="_blank" rel="noreferrer">
          The picture as it was sent
        </a>
      </footer>
    </Dialog>
  );
}
