import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import { controllerOf } from './controller.ts';
import type { KubernetesObject } from './kubernetes-object.ts';

function object(
  objectKind: string,
  name: string,
  options: { owner?: JsonObject; labels?: Record<string, string>; generateName?: string } = {},
): KubernetesObject {
  const metadata = {
    ...(options.owner === undefined ? {} : { ownerReferences: [options.owner] }),
    ...(options.generateName === undefined ? {} : { generateName: options.generateName }),
  };
  return {
    group: objectKind === 'Pod' ? '' : 'apps',
    objectKind,
    namespace: 'shop',
    name,
    labels: options.labels ?? {},
    annotations: {},
    body: { metadata },
  };
}

const owner = (apiVersion: string, kind: string, name: string, controller = true): JsonObject => ({
  apiVersion,
  kind,
  name,
  controller,
});

describe('the topmost controller', () => {
  it.each([
    {
      title: 'a pod of a Deployment',
      of: object('Pod', 'web-66c-x', {
        owner: owner('apps/v1', 'ReplicaSet', 'web-66c'),
        labels: { 'pod-template-hash': '66c' },
      }),
      is: 'apps/Deployment/web',
    },
    {
      title: 'a pod of a rollout of Argo',
      of: object('Pod', 'web-66c-x', {
        owner: owner('apps/v1', 'ReplicaSet', 'web-66c'),
        labels: { 'rollouts-pod-template-hash': '66c' },
      }),
      is: 'argoproj.io/Rollout/web',
    },
    {
      title: 'a pod of a ReplicaSet of its own',
      of: object('Pod', 'web-x', { owner: owner('apps/v1', 'ReplicaSet', 'web') }),
      is: 'apps/ReplicaSet/web',
    },
    {
      title: 'a hash that is not the name’s end',
      of: object('Pod', 'web-x', {
        owner: owner('apps/v1', 'ReplicaSet', 'web'),
        labels: { 'pod-template-hash': 'web' },
      }),
      is: 'apps/ReplicaSet/web',
    },
    {
      title: 'a pod of a StatefulSet',
      of: object('Pod', 'db-0', { owner: owner('apps/v1', 'StatefulSet', 'db') }),
      is: 'apps/StatefulSet/db',
    },
    {
      title: 'a pod of a CronJob',
      of: object('Pod', 'backup-28391820-x', { owner: owner('batch/v1', 'Job', 'backup-28391820') }),
      is: 'batch/CronJob/backup',
    },
    {
      title: 'a pod of a Job',
      of: object('Pod', 'migrate-x', { owner: owner('batch/v1', 'Job', 'migrate') }),
      is: 'batch/Job/migrate',
    },
    {
      title: 'a pod of an operator’s object',
      of: object('Pod', 'x-1', { owner: owner('database.example.com/v1', 'Database', 'x') }),
      is: 'database.example.com/Database/x',
    },
    {
      title: 'a static pod of a node',
      of: object('Pod', 'kube-proxy-n1', { owner: owner('v1', 'Node', 'n1') }),
      is: '/Pod/kube-proxy-n1',
    },
    {
      title: 'an owner that does not control',
      of: object('Pod', 'a', { owner: owner('v1', 'ConfigMap', 'c', false) }),
      is: '/Pod/a',
    },
    {
      title: 'a pod with a generated name',
      of: object('Pod', 'run-x2x9k', { generateName: 'run-' }),
      is: '/Pod/run',
    },
    {
      title: 'a ReplicaSet of a Deployment',
      of: object('ReplicaSet', 'web-66c', { owner: owner('apps/v1', 'Deployment', 'web') }),
      is: 'apps/Deployment/web',
    },
    {
      title: 'a Deployment of an operator stays one',
      of: object('Deployment', 'web', { owner: owner('example.com/v1', 'App', 'web') }),
      is: 'apps/Deployment/web',
    },
  ])('$title', ({ of, is }) => {
    const { group, objectKind, name } = controllerOf(of);
    expect(`${group}/${objectKind}/${name}`).toBe(is);
  });
});
