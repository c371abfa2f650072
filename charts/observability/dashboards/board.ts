/** Id of the data source, in Grafana's own settings and in every panel. */
export const DATA_SOURCE = 'prometheus';

/** Lines of a panel: PromQL, and what a line is called. */
export interface Query {
  readonly expr: string;
  /** `{{topic}}`. @default - the labels */
  readonly legend?: string;
}

export interface Panel {
  readonly title: string;
  /** `stat` is one number now. @default 'timeseries' */
  readonly type?: 'timeseries' | 'stat';
  /** Unit of Grafana: `s`, `Bps`, `percentunit`. @default 'short' */
  readonly unit?: string;
  readonly queries: readonly Query[];
}

export interface Board {
  readonly uid: string;
  readonly title: string;
  readonly [field: string]: unknown;
}

const WIDTH = 12;
const HEIGHT = 8;

/** A dashboard in Grafana's format, two panels a row. */
export function board(uid: string, title: string, panels: readonly Panel[]): Board {
  return {
    uid: `platform-${uid}`,
    title,
    tags: ['platform'],
    schemaVersion: 41,
    version: 1,
    editable: false,
    timezone: 'utc',
    refresh: '1m',
    time: { from: 'now-6h', to: 'now' },
    templating: { list: [] },
    annotations: { list: [] },
    panels: panels.map((panel, index) => panelOf(panel, index)),
  };
}

function panelOf({ title, type = 'timeseries', unit = 'short', queries }: Panel, index: number) {
  const datasource = { type: 'prometheus', uid: DATA_SOURCE };
  return {
    id: index + 1,
    title,
    type,
    datasource,
    gridPos: { h: HEIGHT, w: WIDTH, x: (index % 2) * WIDTH, y: Math.floor(index / 2) * HEIGHT },
    fieldConfig: { defaults: { unit, min: 0 }, overrides: [] },
    options:
      type === 'stat'
        ? { reduceOptions: { calcs: ['lastNotNull'] } }
        : { legend: { displayMode: 'list', placement: 'bottom' }, tooltip: { mode: 'multi' } },
    targets: queries.map(({ expr, legend }, at) => ({
      refId: String.fromCharCode('A'.charCodeAt(0) + at),
      datasource,
      expr,
      ...(legend !== undefined && { legendFormat: legend }),
    })),
  };
}
