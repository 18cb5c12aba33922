/**
 * A set of field paths, kept in the very form of fieldsV1: nested objects keyed by path element, `{}` for a member without children,
 * `.` for a member that has some. So stored sets need no parsing and computed ones no encoding (upstream: fieldpath/set.go).
 */
import { canonicalPathElement, comparePathElements, printPathElement } from './path-element.ts';

export interface FieldSet {
  readonly [pathElement: string]: FieldSet;
}
interface Building {
  [pathElement: string]: FieldSet;
}

/** A node that is a member and has no children; as a whole set: the empty set. */
export const leaf: FieldSet = Object.freeze({});
export const emptySet = leaf;

/** Whether the node (not a whole set) is itself in the set. */
export function isMember(n: FieldSet | undefined): boolean {
  if (n === undefined) return false;
  if (n === leaf || n['.'] !== undefined) return true;
  for (const _ in n) return false;
  return true;
}

export function isEmptySet(s: FieldSet | undefined): boolean {
  if (s !== undefined) for (const k in s) if (k !== '.') return false;
  return true;
}

/** The node as a member of the set. */
export function asMember(n: FieldSet | undefined): FieldSet {
  if (n === undefined || n === leaf) return leaf;
  return n['.'] !== undefined || isMember(n) ? n : { '.': leaf, ...n };
}

/** A node from its parts; undefined when it holds nothing. */
function node(self: boolean, children: Building | undefined): FieldSet | undefined {
  if (children === undefined) return self ? leaf : undefined;
  return self ? { '.': leaf, ...children } : children;
}

type Pick = 'difference' | 'recursive' | 'intersection';

function pickNode(a: FieldSet, b: FieldSet | undefined, how: Pick): FieldSet | undefined {
  if (b === undefined) return how === 'intersection' ? undefined : a;
  const inA = isMember(a);
  const inB = isMember(b);
  if (how === 'recursive' && inB) return undefined;
  const self = inA && (how === 'intersection' ? inB : !inB);
  const children = pickChildren(a, b, how);
  return children === a && self === inA ? a : node(self, withoutSelf(children));
}

function withoutSelf(n: FieldSet | undefined): Building | undefined {
  if (n === undefined || n === leaf) return undefined;
  if (n['.'] === undefined) return n;
  const { '.': _, ...children } = n;
  return isEmptySet(children) ? undefined : children;
}

/** The children that stay; `a` itself when all do. */
function pickChildren(a: FieldSet, b: FieldSet, how: Pick): FieldSet | undefined {
  let out: Building | undefined;
  let unchanged = true;
  for (const k in a) {
    if (k === '.') continue;
    const was = a[k] ?? leaf;
    const n = pickNode(was, b[k], how);
    if (n !== was) unchanged = false;
    if (n !== undefined) out = put(out, k, n);
  }
  return unchanged ? a : out;
}

function put(o: Building | undefined, k: string, n: FieldSet): Building {
  if (o === undefined) return { [k]: n };
  o[k] = n;
  return o;
}

/** What is in `a` and not in `b`, member by member; `a` itself when nothing of it is in `b`. */
export const difference = (a: FieldSet, b: FieldSet): FieldSet =>
  isEmptySet(b) ? a : (pickChildren(a, b, 'difference') ?? emptySet);
/** As `difference`, and what lies below a member of `b` goes too. */
export const recursiveDifference = (a: FieldSet, b: FieldSet): FieldSet =>
  isEmptySet(b) ? a : (pickChildren(a, b, 'recursive') ?? emptySet);
export const intersection = (a: FieldSet, b: FieldSet): FieldSet => pickChildren(a, b, 'intersection') ?? emptySet;

function unionChildren(a: FieldSet, b: FieldSet): Building | undefined {
  let out: Building | undefined;
  let added = false;
  for (const k in a) {
    if (k === '.') continue;
    const x = a[k] ?? leaf;
    const y = b[k];
    const both = y === undefined ? x : node(isMember(x) || isMember(y), unionChildren(x, y));
    if (both) out = put(out, k, both);
  }
  for (const k in b) {
    if (k === '.' || a[k] !== undefined) continue;
    out = put(out, k, b[k] ?? leaf);
    added = true;
  }
  return out && added ? inOrder(out) : out;
}

/** What is in either. */
export const union = (a: FieldSet, b: FieldSet): FieldSet =>
  isEmptySet(a) ? b : isEmptySet(b) ? a : (unionChildren(a, b) ?? emptySet);

/** The same children in the order of path elements. */
function inOrder(o: Building): Building {
  const out: Building = {};
  for (const k of Object.keys(o).sort(comparePathElements)) out[k] = o[k] ?? leaf;
  return out;
}

/** A set of paths given as names of members. */
export function fieldSetOf(...paths: readonly (readonly string[])[]): FieldSet {
  let out: FieldSet = emptySet;
  for (const path of paths) {
    let n: FieldSet = leaf;
    for (const name of [...path].reverse()) n = { [`f:${name}`]: n };
    out = union(out, n);
  }
  return out;
}

/** Every member's path, in order, as text: `.spec.containers[name="a"].image`. */
export function printPaths(s: FieldSet, prefix = ''): readonly string[] {
  const out: string[] = [];
  for (const k in s) {
    if (k === '.') continue;
    const n = s[k] ?? leaf;
    const path = prefix + printPathElement(k);
    if (isMember(n)) out.push(path);
    out.push(...printPaths(n, path));
  }
  return out;
}

const noChildren = (v: unknown): boolean => typeof v !== 'object' || v === null || Object.keys(v).length === 0;

/** fieldsV1 from a client as a set in canonical form; throws on a malformed path element. */
export function readFieldSet(v: unknown): FieldSet {
  return readChildren(v) ?? emptySet;
}

function readChildren(v: unknown): Building | undefined {
  if (typeof v !== 'object' || v === null) return undefined;
  let out: Building | undefined;
  for (const [k, child] of Object.entries(v)) {
    if (k === '.') continue;
    const pe = canonicalPathElement(k);
    if (pe === undefined) continue;
    const self = noChildren(child) || Object.hasOwn(child as object, '.');
    const n = node(self, readChildren(child));
    if (n !== undefined) out = put(out, pe, n);
  }
  return out && inOrder(out);
}
