import pico from 'picocolors';
import type { Finding, PlatformError } from '../errors.js';
import type { Report } from '../report.js';
import { firstFindings } from './first-findings.js';
import type { Io } from './io.js';

/** Off a terminal, a progress line is printed at most this often. */
const PROGRESS_INTERVAL_MS = 5_000;

/** Prints narration on stderr and results on stdout; with `--json` only the result, as JSON. */
export class Reporter implements Report {
  readonly #io: Io;
  readonly #json: boolean;
  readonly #tty: boolean;
  readonly #colors: ReturnType<typeof pico.createColors>;
  #lineOpen = false;
  #lastProgress = 0;

  constructor(io: Io, options: { readonly json?: boolean } = {}) {
    this.#io = io;
    this.#json = options.json ?? false;
    this.#tty = io.stderr.isTTY === true;
    this.#colors = pico.createColors(this.#tty && !io.env['NO_COLOR']);
  }

  action(subject: string, text: string): void {
    this.#line(this.#colors.cyan('►'), subject, text);
  }
  generate(subject: string, text: string): void {
    this.#line(this.#colors.cyan('✚'), subject, text);
  }
  waiting(subject: string, text: string): void {
    this.#line(this.#colors.cyan('◎'), subject, text);
  }
  success(subject: string, text: string): void {
    this.#line(this.#colors.green('✔'), subject, text);
  }
  warning(subject: string, text: string): void {
    this.#line(this.#colors.yellow('⚠'), subject, text);
  }
  failure(subject: string, text: string): void {
    this.#line(this.#colors.red('✗'), subject, text);
  }

  progress(subject: string, text: string): void {
    const now = Date.now();
    if (this.#tty) {
      const line = `◌ ${subject.padEnd(12)} ${text}`.slice(0, (this.#io.stderr.columns ?? 100) - 1);
      this.#io.stderr.write(`\r\u001b[K${line}`);
      this.#lineOpen = true;
    } else if (now - this.#lastProgress >= PROGRESS_INTERVAL_MS) {
      this.#lastProgress = now;
      this.#line('◌', subject, text);
    }
  }

  /** The result: text for people, or the value as JSON. */
  result(value: unknown, text: () => string): void {
    this.#closeLine();
    this.#io.stdout.write(this.#json ? `${JSON.stringify(value, null, 2)}\n` : ensureNewline(text()));
  }

  /** Findings for people: the first of them, where they are very many. */
  findings(findings: readonly Finding[]): void {
    const { shown, more } = firstFindings(findings);
    for (const finding of shown) {
      this.#block(finding.severity === 'error' ? 'red' : 'yellow', `${finding.code}: ${finding.message}`, {
        env: finding.environments?.join(', '),
        where: whereText(finding),
        saw: finding.saw,
        want: finding.want,
        fix: finding.fix,
        source: finding.source,
      });
    }
    if (more !== undefined) this.#io.stderr.write(`${more}\n`);
  }

  /** @param place flags of the command that failed, which those that its fix names want too */
  error(error: PlatformError, place: readonly string[] = []): void {
    this.#closeLine();
    if (this.#json) {
      const { code, message, where, saw, want, fix, findings } = error;
      this.#io.stdout.write(
        `${JSON.stringify({ error: { code, message, where, saw, want, fix }, findings }, null, 2)}\n`,
      );
      return;
    }
    if (error.findings.length > 0) this.findings(error.findings);
    else {
      const { where, saw, want, fix } = error;
      const flags =
        namesCommand(fix) && !place.every(word => fix.includes(word)) ? place.join(' ') : undefined;
      this.#block('red', `${error.code}: ${error.message}`, { where, saw, want, fix, with: flags });
    }
    if (error.refused) this.#io.stderr.write('  nothing was changed\n');
  }

  #block(color: 'red' | 'yellow', title: string, rows: Readonly<Record<string, string | undefined>>): void {
    this.#closeLine();
    this.#io.stderr.write(`${this.#colors[color](color === 'red' ? '✗' : '⚠')} ${title}\n`);
    for (const [name, value] of Object.entries(rows)) {
      if (value !== undefined) this.#io.stderr.write(`  ${this.#colors.dim(name.padEnd(6))} ${value}\n`);
    }
  }

  #line(sign: string, subject: string, text: string): void {
    if (this.#json && !this.#tty) return;
    this.#closeLine();
    this.#io.stderr.write(`${sign} ${subject.padEnd(12)} ${text}\n`);
  }

  #closeLine(): void {
    if (!this.#lineOpen) return;
    this.#io.stderr.write('\r\u001b[K');
    this.#lineOpen = false;
  }
}

function namesCommand(fix: string): boolean {
  return /\bplatform [a-z]/.test(fix);
}

/** `file:line:column path` */
export function whereText({ where }: Pick<Finding, 'where'>): string | undefined {
  if (where === undefined) return undefined;
  const place = [where.file, where.line, where.column].filter(part => part !== undefined).join(':');
  return [place, where.path].filter(Boolean).join(' ');
}

function ensureNewline(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`;
}
