export interface Alert {
  readonly alert: string;
  /** PromQL: alarming for as long as it has a value. */
  readonly expr: string;
  /** How long it must hold. */
  readonly for: string;
  /** `critical`: somebody is woken; `warning`: somebody looks at it by day. */
  readonly labels: { readonly severity: 'critical' | 'warning' };
  readonly annotations: {
    readonly summary: string;
    readonly description?: string;
    /** Path of a runbook in the repository of the platform. */
    readonly runbook_url?: string;
  };
}

export interface AlertGroup {
  readonly name: string;
  readonly rules: readonly Alert[];
}

export interface AlertText {
  readonly summary: string;
  readonly description?: string;
  /** File in docs/runbooks, without `.md`. */
  readonly runbook?: string;
}

export function critical(name: string, expr: string, hold: string, text: AlertText): Alert {
  return alert('critical', name, expr, hold, text);
}

export function warning(name: string, expr: string, hold: string, text: AlertText): Alert {
  return alert('warning', name, expr, hold, text);
}

function alert(
  severity: Alert['labels']['severity'],
  name: string,
  expr: string,
  hold: string,
  { summary, description, runbook }: AlertText,
): Alert {
  return {
    alert: name,
    expr,
    for: hold,
    labels: { severity },
    annotations: {
      summary,
      ...(description !== undefined && { description }),
      ...(runbook !== undefined && { runbook_url: `docs/runbooks/${runbook}.md` }),
    },
  };
}
