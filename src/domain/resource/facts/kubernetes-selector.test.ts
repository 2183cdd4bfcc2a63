import { describe, expect, it } from 'vitest';
import { selects, selectsPods, withoutGeneratedLabels } from './kubernetes-selector.ts';

describe('a label selector', () => {
  const labels = { app: 'web', tier: 'front' };
  const with_ = (key: string, operator: string, values: string[] = []) => ({
    labels: {},
    expressions: [{ key, operator, values }],
  });

  it.each([
    ['nothing wanted', { labels: {}, expressions: [] }, true],
    ['the label', { labels: { app: 'web' }, expressions: [] }, true],
    ['another value', { labels: { app: 'db' }, expressions: [] }, false],
    ['a label that is missing', { labels: { zone: 'a' }, expressions: [] }, false],
    ['a key of the prototype', { labels: { constructor: 'x' }, expressions: [] }, false],
    ['In', with_('app', 'In', ['db', 'web']), true],
    ['In without it', with_('app', 'In', ['db']), false],
    ['In of what is missing', with_('zone', 'In', ['a']), false],
    ['NotIn', with_('app', 'NotIn', ['db']), true],
    ['NotIn with it', with_('app', 'NotIn', ['web']), false],
    ['NotIn of what is missing', with_('zone', 'NotIn', ['a']), true],
    ['Exists', with_('app', 'Exists'), true],
    ['Exists of the prototype', with_('toString', 'Exists'), false],
    ['DoesNotExist', with_('zone', 'DoesNotExist'), true],
    ['DoesNotExist with it', with_('app', 'DoesNotExist'), false],
    ['an unknown operator', with_('app', 'Near', ['web']), false],
  ])('%s', (_, selector, selected) => {
    expect(selects(selector, labels)).toBe(selected);
  });
});

describe('a selector of a service', () => {
  it.each([
    ['nothing selects nothing', {}, false],
    ['the label', { app: 'db' }, true],
    ['one pod of the StatefulSet', { 'statefulset.kubernetes.io/pod-name': 'db-0' }, true],
    ['one pod of another', { 'statefulset.kubernetes.io/pod-name': 'cache-0' }, false],
    ['one pod with another label', { app: 'cache', 'statefulset.kubernetes.io/pod-name': 'db-0' }, false],
    ['a rollout of it', { app: 'db', 'pod-template-hash': '66c' }, true],
  ])('%s', (_, selector, selected) => {
    expect(selectsPods(selector, 'db', { app: 'db' })).toBe(selected);
  });

  it('knows which labels are generated', () => {
    expect(withoutGeneratedLabels({ app: 'db', 'pod-template-hash': 'x', 'job-name': 'y' })).toEqual({
      app: 'db',
    });
  });
});
