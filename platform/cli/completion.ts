import type { Command } from 'commander';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;

export type Shell = (typeof SHELLS)[number];

/** A command with all that can be typed after it. */
interface Words {
  /** `platform certs` */
  readonly path: string;
  readonly commands: readonly { readonly name: string; readonly description: string }[];
  readonly options: readonly {
    readonly long: string;
    readonly short?: string;
    readonly description: string;
  }[];
}

/** A script for a shell. It is made from the commands themselves and asks no process when it completes. Pure. */
export function completionScript(program: Command, shell: Shell): string {
  const words = wordsOf(program, program.name());
  if (shell === 'fish') return fish(words, program.name());
  const script = bash(words, program.name());
  return shell === 'bash' ? script : `autoload -U +X bashcompinit && bashcompinit\n${script}`;
}

function wordsOf(command: Command, path: string): Words[] {
  const names = command.commands.flatMap(child =>
    [child.name(), ...child.aliases()].map(name => ({ child, name })),
  );
  return [
    {
      path,
      commands: names.map(({ child, name }) => ({ name, description: child.description() })),
      options: [
        ...command.options.flatMap(({ long, short, description }) =>
          long ? [{ long, ...(short && { short }), description }] : [],
        ),
        { long: '--help', short: '-h', description: 'show help' },
      ],
    },
    ...names.flatMap(({ child, name }) => wordsOf(child, `${path} ${name}`)),
  ];
}

function bash(words: readonly Words[], name: string): string {
  const cases = words.map(({ path, commands, options }) => {
    const typed = [...commands.map(command => command.name), ...options.map(({ long }) => long)];
    return `    "${path}") echo "${typed.join(' ')}" ;;`;
  });
  return `_${name}_words() {
  case "$1" in
${cases.join('\n')}
  esac
}
_${name}() {
  local at="${name}" word i
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    if [ -n "$(_${name}_words "$at $word")" ]; then at="$at $word"; fi
  done
  COMPREPLY=($(compgen -W "$(_${name}_words "$at")" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _${name} ${name}
`;
}

function fish(words: readonly Words[], name: string): string {
  const lines = words.flatMap(({ path, commands, options }) => {
    const at = `-n '__${name}_at "${path}"'`;
    return [
      ...commands.map(
        command => `complete -c ${name} -f ${at} -a ${command.name} -d ${quoted(command.description)}`,
      ),
      ...options.map(
        ({ long, short, description }) =>
          `complete -c ${name} ${at} -l ${long.slice(2)}${short ? ` -s ${short.slice(1)}` : ''} -d ${quoted(description)}`,
      ),
    ];
  });
  return `function __${name}_at
  set -l typed ${name}
  for word in (commandline -opc)[2..]
    string match -q -- '-*' $word; or set -a typed $word
  end
  test "$typed" = "$argv[1]"
end
${lines.join('\n')}
`;
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
