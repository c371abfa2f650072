import { expect, it } from 'vitest';
import { readObjects, readTemplate, readValues } from './read.js';

const POD = 'apiVersion: v1\nkind: Pod\nmetadata: { name: a }\n';

it('reads the objects of a List, as kubectl prints them, each at its own line', () => {
  const list = `apiVersion: v1
kind: List
items:
  - apiVersion: v1
    kind: Pod
    metadata: { name: a }
  - apiVersion: v1
    kind: Service
    metadata: { name: b }
    spec: { type: NodePort }
`;
  const { read = [] } = readObjects(list, 'all.yaml');
  expect(read.map(({ object }) => object.kind)).toEqual(['Pod', 'Service']);
  expect(read[1]?.where(['spec', 'type'])).toMatchObject({ line: 10, path: 'items.1.spec.type' });
});

it.each([
  ['nothing', ''],
  ['comments', '# Source: pulsar/templates/a.yaml\n---\n# b\n'],
  ['a word', 'not json'],
  ['a template', 'Resources: {}\n'],
])('takes %s for no objects, instead of passing them', (_what, text) => {
  const { read, findings } = readObjects(text, 'all.yaml');
  expect(read).toBeUndefined();
  expect(findings).toMatchObject([{ code: 'ValuesUnreadable', where: { file: 'all.yaml' } }]);
});

it.each([
  ['nothing', ''],
  ['a list', '[]'],
  ['an object', POD],
])('takes %s for no template', (_what, text) => {
  expect(readTemplate(text, 'a.json').findings).toMatchObject([{ code: 'ValuesUnreadable' }]);
  expect(readTemplate('Resources: {}', 'a.json').findings).toBeUndefined();
});

it('reads objects between documents that hold none', () => {
  expect(readObjects(`# a\n---\n${POD}---\n`, 'all.yaml').read).toHaveLength(1);
});

it('says of values in which line a second document begins', () => {
  expect(readValues('a: 1\n---\nb: 2\n', 'values.yaml').findings).toMatchObject([
    { code: 'ValuesUnreadable', message: 'a second YAML document begins in line 2', where: { line: 2 } },
  ]);
});
