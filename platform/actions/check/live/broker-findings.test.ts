import { describe, expect, it } from 'vitest';
import { planOf } from '../../../aws/testing/templates.js';
import { MINIMAL } from '../../../config/testing/configs.js';
import { brokerFindings, elsewhereFindings, runtimeFindings, tenantFindings } from './broker-findings.js';

const plan = planOf(MINIMAL);
const SOUND = {
  authenticationEnabled: 'true',
  authorizationEnabled: 'true',
  superUserRoles: '[broker, proxy, operator]',
  brokerServicePort: 'Optional.empty',
  webServicePort: 'Optional[8080]',
  allowAutoTopicCreation: 'false',
};

describe('the configuration with which a broker runs', () => {
  it('is as the generated values make it', () => {
    expect(runtimeFindings(plan, SOUND)).toEqual([]);
  });

  it.each([
    ['authenticationEnabled', 'false', 'AuthenticationOff'],
    ['authorizationEnabled', 'false', 'AuthorizationOff'],
    ['anonymousUserRole', 'guest', 'AnonymousRole'],
    ['superUserRoles', '[broker, proxy, operator, web]', 'SuperUserForService'],
    ['brokerServicePort', 'Optional[6650]', 'BrokerPlaintext'],
    ['allowAutoTopicCreation', 'true', 'TopicsMakeThemselves'],
  ])('is wrong with %s: %s', (key, value, code) => {
    expect(runtimeFindings(plan, { ...SOUND, [key]: value })).toMatchObject([
      { code, where: { file: 'broker', path: key }, saw: value },
    ]);
  });
});

describe('grants', () => {
  const topic = 'persistent://voice/chat/audio';
  const live = (permissions: ('produce' | 'consume')[]) => ({
    tenants: ['voice'],
    namespaces: [{ grants: { [topic]: { transcriber: permissions } } }] as never,
  });
  const grant = { kind: 'grant', topic, role: 'transcriber', permissions: ['consume'] } as const;

  it('beyond the plan are errors, those that are missing are drift', () => {
    const codes = (...args: Parameters<typeof brokerFindings>) =>
      brokerFindings(...args).map(({ code, severity }) => [code, severity]);
    expect(codes([{ kind: 'revoke', topic, role: 'mallory' }])).toEqual([['GrantBeyondDials', 'error']]);
    expect(codes([grant], live(['produce', 'consume']))).toEqual([['GrantBeyondDials', 'error']]);
    expect(codes([grant], live([]))).toEqual([['BrokerDiffers', 'warning']]);
  });

  it('of a whole tenant, or in a namespace that the plan does not know, are beyond it', () => {
    const facts = [
      { tenant: 'voice', adminRoles: ['operator', 'web'] },
      { tenant: 'other', adminRoles: ['web'] },
    ];
    expect(tenantFindings(plan, facts)).toMatchObject([
      { code: 'GrantBeyondDials', where: { path: 'voice' } },
    ]);
    const elsewhere = elsewhereFindings(plan, [{ name: 'public/default', roles: ['stranger', 'web'] }]);
    expect(elsewhere).toMatchObject([{ saw: 'web', where: { path: 'public/default' } }]);
  });
});
