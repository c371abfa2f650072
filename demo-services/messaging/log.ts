export type LogFields = Readonly<Record<string, string | number | undefined>>;

/** How this room tells what happens to connections and messages; the service writes it as a line of JSON. */
export type Log = (level: 'debug' | 'info' | 'warn' | 'error', event: string, fields: LogFields) => void;
