import { createHash } from 'node:crypto'

/** The text of a statement with its places for values, made once however often it is asked. */
interface Shape {
  readonly parts: readonly string[]
  readonly text: string
  /** Name as a prepared statement. */
  readonly name: string
}

/**
 * A statement and its values. Only the `sql` tag makes one, so that text typed by a person
 * can reach Postgres as a value and in no other way.
 */
export class Sql {
  readonly shape: Shape
  readonly values: readonly unknown[]
  constructor(shape: Shape, values: readonly unknown[]) {
    this.shape = shape
    this.values = values
  }
}

/** Where the statements of one place of the source part: at each value, by the shape of what is spliced in there. */
interface Node {
  shape?: Shape
  next?: Map<Shape | undefined, Node>
}

const places = new WeakMap<readonly string[], Node>()

/** `sql\`select … where id = ${id}\``: an interpolated Sql is spliced in, anything else becomes a $n. */
export function sql(strings: TemplateStringsArray, ...values: unknown[]): Sql {
  let node = places.get(strings)
  if (!node) places.set(strings, (node = {}))
  let spliced = false
  for (const value of values) {
    const key = value instanceof Sql ? value.shape : undefined
    spliced ||= key !== undefined
    const next: Map<Shape | undefined, Node> = (node.next ??= new Map())
    let found = next.get(key)
    if (!found) next.set(key, (found = {}))
    node = found
  }
  node.shape ??= shapeOf(strings, values)
  return new Sql(
    node.shape,
    spliced ? values.flatMap((value) => (value instanceof Sql ? value.values : [value])) : values,
  )
}

function shapeOf(strings: readonly string[], values: readonly unknown[]): Shape {
  const parts = [strings[0]!]
  values.forEach((value, i) => {
    const after = strings[i + 1]!
    if (value instanceof Sql) {
      const inner = value.shape.parts
      parts[parts.length - 1] += inner[0]!
      parts.push(...inner.slice(1))
      parts[parts.length - 1] += after
    } else parts.push(after)
  })
  const text = parts.reduce((all, part, i) => (i === 0 ? part : `${all}$${i}${part}`), '')
  return { parts, text, name: 'p' + createHash('sha1').update(text).digest('base64url').slice(0, 16) }
}

export const nothing: Sql = sql``

const glue = { ' and ': sql` and `, ' or ': sql` or `, ', ': sql`, ` }

/** Joins conditions or columns; `nothing` when the list is empty. */
export function join(list: readonly Sql[], separator: ' and ' | ' or ' | ', '): Sql {
  return list.reduce<Sql>((all, one, i) => (i === 0 ? one : sql`${all}${glue[separator]}${one}`), nothing)
}

/** What `pg` takes. The name makes it a prepared statement: planned once a connection. */
export function toQuery(query: Sql, prepare: boolean): { text: string; values: unknown[]; name?: string } {
  const { text, name } = query.shape
  const values = query.values as unknown[]
  return prepare ? { text, values, name } : { text, values }
}
