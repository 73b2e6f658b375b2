import { type Static, Type } from '@sinclair/typebox';
import type { CatalogField, CatalogVendor } from '../../config/index.ts';
import type { ApiContext } from '../deps.ts';
import { PageQuery, pageOf, paginate } from '../http/paging.ts';
import type { Api } from '../http/type-provider.ts';

const FieldView = Type.Object({
  key: Type.String(),
  label: Type.String(),
  type: Type.String(),
  required: Type.Boolean(),
  when: Type.Optional(Type.Object({ key: Type.String(), equals: Type.Unknown() })),
  default: Type.Optional(Type.Unknown()),
  placeholder: Type.Optional(Type.String()),
  help_text: Type.Optional(Type.String()),
  options: Type.Optional(Type.Array(Type.Object({ value: Type.String(), label: Type.String() }))),
  min: Type.Optional(Type.Integer()),
  max: Type.Optional(Type.Integer()),
});

const VendorView = Type.Object({
  key: Type.String(),
  name: Type.String(),
  description: Type.String(),
  category: Type.String(),
  status: Type.String(),
  website: Type.String(),
  consent_categories: Type.Array(Type.String(), { description: 'Proposed when it is installed' }),
  config_fields: Type.Array(FieldView),
  variants: Type.Array(Type.Object({ key: Type.String(), name: Type.String(), description: Type.String() })),
});

const showField = ({ helpText, options, ...field }: CatalogField): Static<typeof FieldView> => ({
  ...field,
  ...(helpText === undefined ? {} : { help_text: helpText }),
  ...(options === undefined ? {} : { options: [...options] }),
});

const show = (vendor: CatalogVendor): Static<typeof VendorView> => ({
  key: vendor.key,
  name: vendor.name,
  description: vendor.description,
  category: vendor.category,
  status: vendor.status,
  website: vendor.website,
  consent_categories: [...vendor.consentCategories],
  config_fields: vendor.settings.map(showField),
  variants: vendor.variants.map(({ key, name, description }) => ({ key, name, description })),
});

export function integrationCatalogRoutes(api: Api, { catalog }: ApiContext): void {
  // The catalog is part of the program, so its order does not change between two pages.
  const positions = new Map([...catalog.keys()].map((key, index) => [key, index + 1]));

  api.get(
    '/integration-catalog',
    {
      config: { permission: 'integrations:read' },
      schema: { querystring: PageQuery, response: { 200: pageOf(VendorView) } },
    },
    async (request) => paginate(catalog.values(), request.query, ({ key }) => positions.get(key) ?? 0, show),
  );
}
