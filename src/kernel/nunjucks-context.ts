import nunjucks from 'nunjucks'

/*
 * What a compiled template looks its names up in, and how templates call each other, without what nunjucks does for
 * templates that wait: no list of tasks for an include, no copy of every variable for each of them, and the macros of
 * a file made once and not for each page. Same output, see nunjucks-fast.ts.
 */

/** Compiled code: a template's root or one of its blocks. */
export type Code = (
  env: nunjucks.Environment,
  context: FastContext,
  frame: Frame,
  runtime: unknown,
  done: (error: Error | null, text?: string) => void,
) => void

export interface Frame {
  variables: Record<string, unknown>
  parent?: Frame
  topLevel: boolean
  push(isolateWrites?: boolean): Frame
}

/** A template as nunjucks keeps it. */
export interface Template {
  path: string
  blocks: Record<string, Code>
  rootRenderFunc: Code
  compile(): void
}

type Variables = Record<string, unknown>

const { Frame: NewFrame } = nunjucks.runtime as unknown as { Frame: new () => Frame }
const stock: unknown = nunjucks.runtime

/** The names that a template sees: those it set, those of the template that includes it, the page's, the globals. */
export class FastContext {
  readonly env: nunjucks.Environment
  private readonly globals: Variables
  private readonly page: Variables
  private readonly outer: FastContext | undefined
  private own: Variables | undefined
  private readonly blocks: Record<string, Code[]> = {}
  private readonly exported: string[] = []

  constructor(env: nunjucks.Environment, page: Variables, template: Template, outer?: FastContext) {
    this.env = env
    this.globals = (env as unknown as { globals: Variables }).globals
    this.page = page
    this.outer = outer
    for (const name of Object.keys(template.blocks)) this.addBlock(name, template.blocks[name]!)
  }

  /** For a template that is included here. */
  inner(template: Template): FastContext {
    return new FastContext(this.env, this.page, template, this)
  }

  lookup(name: string): unknown {
    // eslint-disable-next-line @typescript-eslint/no-this-alias -- a walk outwards that begins here
    for (let context: FastContext | undefined = this; context; context = context.outer) {
      if (context.own !== undefined && name in context.own) return context.own[name]
    }
    const value = this.page[name]
    return value !== undefined || name in this.page ? value : this.globals[name]
  }

  setVariable(name: string, value: unknown): void {
    this.own ??= Object.create(null) as Variables
    this.own[name] = value
  }

  /** A copy: for the rare code of nunjucks itself that asks. */
  getVariables(): Variables {
    return { ...(this.outer ? this.outer.getVariables() : this.page), ...this.own }
  }

  addBlock(name: string, block: Code): this {
    ;(this.blocks[name] ??= []).push(block)
    return this
  }

  getBlock(name: string): Code {
    const block = this.blocks[name]?.[0]
    if (!block) throw new Error(`unknown block "${name}"`)
    return block
  }

  getSuper(
    env: nunjucks.Environment,
    name: string,
    block: Code,
    frame: Frame,
    runtime: unknown,
    done: Parameters<Code>[4],
  ): void {
    const all = this.blocks[name] ?? []
    const above = all[all.indexOf(block) + 1]
    if (!all.includes(block) || !above) throw new Error(`no super block available for "${name}"`)
    above(env, this, frame, runtime, done)
  }

  addExport(name: string): void {
    this.exported.push(name)
  }

  getExported(): Variables {
    return Object.fromEntries(this.exported.map((name) => [name, this.own?.[name]]))
  }
}

/** The text of compiled code. @throws what the template throws */
function run(code: Code, env: nunjucks.Environment, context: FastContext, frame: Frame): string {
  let output = ''
  code(env, context, frame, stock, (error, text) => {
    if (error) throw error
    output = text ?? ''
  })
  return output
}

export function block(name: string, env: nunjucks.Environment, context: FastContext, frame: Frame): string {
  return run(context.getBlock(name), env, context, frame)
}

export function include(
  template: Template,
  env: nunjucks.Environment,
  context: FastContext,
  frame: Frame,
): string {
  template.compile()
  const inside = frame.push(true)
  inside.topLevel = true
  return run(template.rootRenderFunc, env, context.inner(template), inside)
}

let macros = new WeakMap<Template, Variables>()

/** The macros of a file that is imported without context: nothing of a page is in them, so they are made once. */
export function macrosOf(template: Template, env: nunjucks.Environment): Variables {
  let made = macros.get(template)
  if (!made) macros.set(template, (made = exportedBy(template, env, new NewFrame(), undefined)))
  return made
}

/** What a template exports that is imported with context. */
export function exportedWith(
  template: Template,
  env: nunjucks.Environment,
  context: FastContext,
  frame: Frame,
): Variables {
  return exportedBy(template, env, frame.push(), context)
}

function exportedBy(
  template: Template,
  env: nunjucks.Environment,
  frame: Frame,
  outer: FastContext | undefined,
): Variables {
  template.compile()
  frame.topLevel = true
  const context = outer ? outer.inner(template) : new FastContext(env, {}, template)
  run(template.rootRenderFunc, env, context, frame)
  return context.getExported()
}

/** A whole page. @throws what the template throws, with the name of its file */
export function renderPage(env: nunjucks.Environment, name: string, page: Variables): string {
  const template = env.getTemplate(name) as unknown as Template
  const frame = new NewFrame()
  frame.topLevel = true
  try {
    template.compile()
    return run(template.rootRenderFunc, env, new FastContext(env, page, template), frame)
  } catch (error) {
    // A macro that failed half way has not put the scope back in which it was called.
    macros = new WeakMap()
    throw lib._prettifyError(template.path, false, error)
  }
}

const { lib } = nunjucks as unknown as {
  lib: { _prettifyError(path: string, internals: boolean, error: unknown): Error }
}
