import DATA from './data/tenant-data.json' with { type: 'json' };
import type { State } from './state.ts';

/** The administrator of the tenant of Entra ID: there is one, as reports tell no tenant. */
export const TENANT_ADMINISTRATOR: State = {
  asset: 'account-admin:entra',
  family: 'account',
  capability: 'admin',
};

/** Data that a tenant has as a whole, and the rights of applications that give it (Microsoft Graph, permissions reference). */
export type TenantData = keyof typeof DATA;

export const TENANT_DATA: Readonly<
  Record<
    TenantData,
    {
      readonly name: string;
      /** Names of application permissions by their ids. */
      readonly roles: Readonly<Record<string, string>>;
      /** Permissions that are used for whoever signs in. */
      readonly scopes: readonly string[];
    }
  >
> = DATA;

export function tenantDataState(of: TenantData): State {
  return { asset: `entra:${of}`, family: 'datastore', capability: 'read' };
}

/** Which data of a tenant a state is about; null of any other state. */
export function tenantDataOf({ asset }: Pick<State, 'asset'>): TenantData | null {
  if (!asset.startsWith('entra:')) return null;
  const name = asset.slice('entra:'.length);
  return Object.hasOwn(TENANT_DATA, name) ? (name as TenantData) : null;
}
