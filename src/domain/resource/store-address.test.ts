import { expect, test } from 'vitest';
import { isStoreName, storeNameOfKey, storesOfAddress, wholeOfStore } from './store-address.ts';

/** Each store by its name or id; `!` where the address is its own. */
function stores(address: string): readonly string[] {
  return storesOfAddress(address).map(
    ({ store, isWhole }) => `${store.kind === 'cloud' ? store.id : store.name}${isWhole ? '!' : ''}`,
  );
}

const STORAGE = 'microsoft.storage/storageaccounts/acme';
const CONTAINER = `${STORAGE}/blobservices/default/containers`;

test.each<[string, ...string[]]>([
  ['https://acme.core.windows.net', `${STORAGE}!`],
  ['https://acme.blob.core.windows.net/', `${STORAGE}!`],
  ['https://ACME.blob.core.windows.net/Exports', `${CONTAINER}/exports!`],
  ['https://acme.blob.core.windows.net/exports/a/b.csv', `${CONTAINER}/exports`],
  ['https://acme.dfs.core.windows.net:443/raw/a.parquet?x=1#y', `${CONTAINER}/raw`],
  ['https://acme.z13.blob.storage.azure.net/raw', `${CONTAINER}/raw!`],
  ['https://acme.blob.core.chinacloudapi.cn/raw', `${CONTAINER}/raw!`],
  ['https://acme.blob.core.usgovcloudapi.net/raw', `${CONTAINER}/raw!`],
  ['https://acme.file.core.windows.net/share/a.csv', STORAGE],
  ['https://acme.table.core.windows.net/orders', STORAGE],
  ['mssql://acme.database.windows.net', 'microsoft.sql/servers/acme!'],
  ['mssql://acme.database.windows.net/Shop', 'microsoft.sql/servers/acme/databases/shop!'],
  ['mssql://acme.database.windows.net/shop/shop', 'microsoft.sql/servers/acme/databases/shop'],
  ['mssql://acme.database.windows.net/shop/dbo/t#c', 'microsoft.sql/servers/acme/databases/shop'],
  ['mssql://acme-ondemand.sql.azuresynapse.net/lake/dbo', 'microsoft.synapse/workspaces/acme/sqlpools/lake'],
  ['mssql://acme.sql.azuresynapse.net/pool', 'microsoft.synapse/workspaces/acme/sqlpools/pool!'],
  ['https://acme.documents.azure.com', 'microsoft.documentdb/databaseaccounts/acme!'],
  [
    'https://acme.documents.azure.com/dbs/shop',
    'microsoft.documentdb/databaseaccounts/acme/sqldatabases/shop!',
  ],
  [
    'https://acme.documents.azure.com/dbs/shop/colls/o',
    'microsoft.documentdb/databaseaccounts/acme/sqldatabases/shop',
  ],
  ['https://acme.documents.azure.com/shop', 'microsoft.documentdb/databaseaccounts/acme'],
  ['mongodb://acme.mongo.cosmos.azure.com:10255/shop', 'microsoft.documentdb/databaseaccounts/acme'],
  [
    'postgresql://acme.postgres.database.azure.com/crm/public/t',
    'microsoft.dbforpostgresql/servers/acme/databases/crm',
    'microsoft.dbforpostgresql/flexibleservers/acme/databases/crm',
  ],
  [
    'mysql://acme.mysql.database.azure.com',
    'microsoft.dbformysql/servers/acme!',
    'microsoft.dbformysql/flexibleservers/acme!',
  ],
  [
    'mariadb://acme.mariadb.database.azure.com/a',
    'microsoft.dbformariadb/servers/acme/databases/a!',
    'microsoft.dbformariadb/flexibleservers/acme/databases/a!',
  ],
  ['s3://acme-uploads', 'arn:aws:s3:::acme-uploads!'],
  ['s3a://acme-uploads/a', 'arn:aws:s3:::acme-uploads'],
  ['https://s3.amazonaws.com/acme-uploads/a', 'arn:aws:s3:::acme-uploads'],
  ['https://s3.eu-west-1.amazonaws.com/acme-uploads', 'arn:aws:s3:::acme-uploads!'],
  ['https://s3-eu-west-1.amazonaws.com/acme-uploads', 'arn:aws:s3:::acme-uploads!'],
  ['https://acme.uploads.s3.amazonaws.com/a', 'arn:aws:s3:::acme.uploads'],
  ['https://acme-uploads.s3.cn-north-1.amazonaws.com.cn/', 'arn:aws-cn:s3:::acme-uploads!'],
  ['gs://acme-lake/a', '//storage.googleapis.com/acme-lake'],
  ['https://storage.googleapis.com/acme-lake', '//storage.googleapis.com/acme-lake!'],
  ['postgresql://crm.abc.eu-west-1.rds.amazonaws.com:5432/crm', 'crm.abc.eu-west-1.rds.amazonaws.com'],
  ['mssql://acme-mi.abc123.database.windows.net', 'acme-mi.abc123.database.windows.net!'],
  ['mssql://user:password@db.acme.example', 'db.acme.example!'],
  // What is no address of one store.
  ['mssql://10.33.0.4/MSSQLSERVER/hr'],
  ['mssql://sqlhost/hr'],
  ['mssql://sql.local/hr'],
  ['https://app.powerbi.com/groups/1'],
  ['https://s3.amazonaws.com/'],
  ['https://storage.googleapis.com'],
  ['s3://_/a'],
  ['/subscriptions/1/resourceGroups/2/providers/Microsoft.DataFactory/factories/f'],
  ['SrcTable03#Src_c05'],
  ['https://acme.blob.core.windows.net.evil.example/exports'],
  ['mssql://acme.database.windows.net@evil/'],
  [''],
  [`mssql://acme.database.windows.net/${'x'.repeat(5_000)}`],
])('%s leads to its store', (address, ...expected) => {
  expect(stores(address)).toEqual(expected);
});

test('a resource of Azure is known by the end of its id, and a part by its whole', () => {
  const key = 'azure:/subscriptions/s/resourcegroups/g/providers/microsoft.storage/storageaccounts/acme';
  expect(storeNameOfKey(key)).toBe(STORAGE);
  expect(storeNameOfKey(`${key}/blobservices/default/containers/raw`)).toBe(`${CONTAINER}/raw`);
  expect(storeNameOfKey('azure:/subscriptions/s')).toBe(null);
  expect(storeNameOfKey('aws:arn:aws:s3:::acme')).toBe(null);
  expect(wholeOfStore(`${CONTAINER}/raw`)).toBe(STORAGE);
  expect(
    [STORAGE, `${CONTAINER}/raw`, 'microsoft.compute/virtualmachines/a', 'db.acme.example'].map(isStoreName),
  ).toEqual([true, true, false, false]);
  expect(wholeOfStore('db.acme.example')).toBe('db.acme.example');
});
