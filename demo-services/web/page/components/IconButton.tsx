import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './Icon.js';

export interface IconButtonProps {
  readonly icon: IconName;
  /** What it does: read out, and shown when one points at it. */
  readonly label: string;
  readonly onClick: () => unknown;
  readonly class?: string;
  readonly size?: number;
  readonly disabled?: boolean;
  readonly children?: ComponentChildren;
}

export function IconButton(props: IconButtonProps) {
  const { icon, label, onClick, class: more = '', size, disabled = false, children } = props;
  return (
    <button
      type="button"
      class={`icon-button ${more}`}
      aria-label={label}
      title={label}
      disabled={disabled}
      onClick={() => void onClick()}
    >
      <Icon name={icon} {...(size && { size })} />
      {children}
    </button>
  );
}
