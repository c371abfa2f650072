import { readFileSync } from 'node:fs';
import { Agent, type AgentOptions } from 'node:https';
import type tls from 'node:tls';
import { buildConnector, Agent as Dispatcher } from 'undici';

/**
 * Whom to trust at the other end of a dial. The file is read again for every new connection, so that a rotated CA
 * counts without a restart. Without a file it is Node's own list of public roots; never both.
 */
export type TrustFile = string | undefined;

/** For clients of `node:https`. */
export function httpsAgent(trustFile: TrustFile, options: AgentOptions = {}): Agent {
  const agent = new Agent({ keepAlive: true, ...options });
  const connect = agent.createConnection.bind(agent);
  agent.createConnection = (target, callback) => connect({ ...target, ...authorities(trustFile) }, callback);
  return agent;
}

/** For clients of `fetch`. */
export function fetchDispatcher(trustFile: TrustFile): Dispatcher {
  return new Dispatcher({
    connect: (target, callback) => buildConnector(authorities(trustFile))(target, callback),
  });
}

function authorities(trustFile: TrustFile): Pick<tls.ConnectionOptions, 'ca'> {
  return trustFile === undefined ? {} : { ca: readFileSync(trustFile) };
}
