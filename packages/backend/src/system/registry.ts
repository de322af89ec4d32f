import { apiSpec } from "./cli/api_spec.ts";
import { cloudUrl } from "./cli/cloud_url.ts";
import { getVariable, listVariables } from "./cli/environment_variables.ts";
import { queryTable } from "./cli/query_table.ts";
import { tableData } from "./cli/table_data.ts";
import { tableSize } from "./cli/table_size.ts";
import { tables } from "./cli/tables.ts";
import { components } from "./frontend/components.ts";
import { convexCloudUrl } from "./frontend/convex_cloud_url.ts";
import { convexSiteUrl } from "./frontend/convex_site_url.ts";
import { getSchemas } from "./frontend/get_schemas.ts";
import { listAuthProviders } from "./frontend/list_auth_providers.ts";
import type { SystemQuery } from "./system_query.ts";

/** All system queries that there are. */
export const SYSTEM_QUERIES: readonly SystemQuery[] = [
  apiSpec,
  cloudUrl,
  components,
  convexCloudUrl,
  convexSiteUrl,
  getSchemas,
  getVariable,
  listAuthProviders,
  listVariables,
  queryTable,
  tableData,
  tableSize,
  tables,
];
