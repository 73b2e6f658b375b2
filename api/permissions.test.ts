import { describe, expect, it } from 'vitest';
import { ROLES } from '../config/index.ts';
import { PERMISSIONS, permissionsOf } from './permissions.ts';

const of = (...scopes: string[]): string[] => [...permissionsOf(scopes)];
const isRead = (permission: string): boolean => /:(read|export)$/.test(permission);

describe('the roles', () => {
  it('owner: everything', () => {
    expect(of('owner')).toEqual([...PERMISSIONS]);
  });

  it('admin: everything but to make and unmake owners', () => {
    expect(PERMISSIONS.filter((each) => !of('admin').includes(each))).toEqual(['owners:write']);
  });

  it('editor: sets sources, integrations and pipelines up, deletes pipelines only', () => {
    expect(of('editor').filter((each) => !isRead(each))).toEqual([
      'sources:write',
      'integrations:write',
      'pipelines:write',
      'pipelines:delete',
    ]);
  });

  it('viewer: sees what is set up and what becomes of events, not who changed what', () => {
    expect(of('viewer')).toEqual([
      'sources:read',
      'integrations:read',
      'pipelines:read',
      'consent:read',
      'events:read',
    ]);
  });

  it('auditor: reads everything but personal data, changes nothing', () => {
    expect(of('auditor')).toEqual(PERMISSIONS.filter((each) => isRead(each) && each !== 'events:read'));
  });

  it('each permits no more than the owner, and no less than nothing', () => {
    for (const role of ROLES) expect(of('owner')).toEqual(expect.arrayContaining(of(role)));
  });
});

describe('the scopes of a token', () => {
  it('permit together what each of them permits', () => {
    expect(of('auditor', 'events:read')).toEqual([...of('auditor'), 'events:read']);
  });

  it('permit nothing by names there are not', () => {
    expect(of('unheard-of', '__proto__', 'constructor', '', 'Owner')).toEqual([]);
  });
});
