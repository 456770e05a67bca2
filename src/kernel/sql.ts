import { createHash } from 'node:crypto'

/**
 * A statement and its values. Only the `sql` tag makes one, so that text typed by a person
 * can reach Postgres as a value and in no other way.
 */
export class Sql {
  readonly parts: readonly string[]
  readonly values: readonly unknown[]
  constructor(parts: readonly string[], values: readonly unknown[]) {
    this.parts = parts
    this.values = values
  }
}

/** `sql\`select … where id = ${id}\``: an interpolated Sql is spliced in, anything else becomes a $n. */
export function sql(strings: TemplateStringsArray, ...values: unknown[]): Sql {
  const parts = [strings[0] as string]
  const flat: unknown[] = []
  values.forEach((value, i) => {
    const after = strings[i + 1] as string
    if (value instanceof Sql) {
      parts[parts.length - 1] += value.parts[0] as string
      for (let k = 1; k < value.parts.length; k++) parts.push(value.parts[k] as string)
      flat.push(...value.values)
      parts[parts.length - 1] += after
    } else {
      flat.push(value)
      parts.push(after)
    }
  })
  return new Sql(parts, flat)
}

export const nothing: Sql = sql``

/** Joins conditions or columns; `nothing` when the list is empty. */
export function join(list: readonly Sql[], separator: ' and ' | ' or ' | ', '): Sql {
  return list.reduce<Sql>((all, one, i) => {
    if (i === 0) return one
    const glue = new Sql([separator], [])
    return sql`${all}${glue}${one}`
  }, nothing)
}

const names = new Map<string, string>()

/** What `pg` takes. The name makes it a prepared statement: planned once a connection. */
export function toQuery(query: Sql, prepare: boolean): { text: string; values: unknown[]; name?: string } {
  let text = query.parts[0] as string
  for (let i = 1; i < query.parts.length; i++) text += `$${i}${query.parts[i]}`
  const values = query.values as unknown[]
  if (!prepare) return { text, values }
  let name = names.get(text)
  if (name === undefined) {
    name = 'p' + createHash('sha1').update(text).digest('base64url').slice(0, 16)
    names.set(text, name)
  }
  return { text, values, name }
}
