import { type Theme, theme } from '../model/settings.js';
import type { IconName } from './Icon.js';
import { IconButton } from './IconButton.js';

const NEXT: Readonly<Record<Theme, { readonly next: Theme; readonly icon: IconName; readonly is: string }>> =
  {
    auto: { next: 'light', icon: 'system', is: 'as the system' },
    light: { next: 'dark', icon: 'sun', is: 'light' },
    dark: { next: 'auto', icon: 'moon', is: 'dark' },
  };

export function ThemeSwitch() {
  const { next, icon, is } = NEXT[theme.value] ?? NEXT.auto;
  return (
    <IconButton
      icon={icon}
      class="theme-switch"
      label={`Colours: ${is}. Change to ${NEXT[next].is}`}
      onClick={() => {
        theme.value = next;
      }}
    />
  );
}
