import { createRequire } from 'node:module'
import { compileFunction } from 'node:vm'
import nunjucks from 'nunjucks'
import { type Frame, block, exportedWith, include, macrosOf } from './nunjucks-context.ts'

/*
 * Nunjucks as it is, with cheaper code for what a list does hundreds of times (measured: about half the time of a
 * page of 50 rows). Syntax and output stay the same to the byte: test/kernel/nunjucks-fast.test.ts renders every
 * view both ways. Nothing of nunjucks is changed in place; a loader hands it templates compiled here.
 *  - loop.index and its six sisters are computed only where the body of the loop names them;
 *  - row.name reads the property where it stands instead of through one shared, and so slow, function;
 *  - a value is scanned before it is rewritten by the escape;
 *  - blocks, includes and imports are called and answer, where nunjucks passes what follows them as a function.
 */

interface Node {
  value?: unknown
  name?: Node
  names?: { children: Node[] }
  key?: Node
  template?: Node
  withContext?: boolean
  ignoreMissing?: boolean
  target?: Node
  val?: Node
  body?: Node
  findAll(type: unknown): Node[]
}
/** The names that the compiler knows of at a place of the source. */
interface Scope {
  parent?: Scope
  set(name: string, value: string): void
}
interface Compiler {
  codebuf: string[]
  buffer: string
  inBlock: boolean
  compile(node: Node, frame?: Scope): void
  compileLookupVal(node: Node, frame: Scope): void
  getCode(): string
  _compileExpression(node: Node, frame: Scope): void
  _templateName(): string
  _tmpid(): string
  _emit(code: string): void
  _emitLine(code: string): void
}
/** Parts that nunjucks exports without publishing their types. */
interface Internals {
  compiler: { Compiler: new (name: string, throwOnUndefined: boolean) => Compiler }
  nodes: Record<'Symbol' | 'LookupVal' | 'Include' | 'Literal', new () => Node>
  parser: { parse(source: string, extensions: unknown[], options: object): Node }
  runtime: {
    handleError(error: Error, line: number, column: number): Error
    memberLookup(object: unknown, key: string): unknown
    suppressValue(value: unknown, autoescape: boolean): unknown
  }
  lib: {
    escape(text: string): string
    _prettifyError(path: string, internals: boolean, error: unknown): Error
  }
}

const { compiler, nodes, parser, lib, runtime: stock } = nunjucks as unknown as Internals
const { transform } = createRequire(import.meta.url)('nunjucks/src/transformer.js') as {
  transform(tree: Node, asyncFilters: string[], name: string): Node
}

const LOOP: Record<string, (i: string, length: string) => string> = {
  index: (i) => `${i} + 1`,
  index0: (i) => i,
  revindex: (i, length) => `${length} - ${i}`,
  revindex0: (i, length) => `${length} - ${i} - 1`,
  first: (i) => `${i} === 0`,
  last: (i, length) => `${i} === ${length} - 1`,
  length: (_, length) => length,
}

/** Which of them a loop needs: those its body names; all when `loop` goes elsewhere whole or a template is included. */
function loopNames(body: Node): string[] {
  const isLoop = (node: Node | undefined) => node instanceof nodes.Symbol && node.value === 'loop'
  const whole = body.findAll(nodes.Symbol).filter(isLoop)
  if (isLoop(body)) whole.push(body)
  const members = body.findAll(nodes.LookupVal).filter((node) => isLoop(node.target))
  const named = members.filter((node) => node.val instanceof nodes.Literal)
  if (body.findAll(nodes.Include).length > 0 || whole.length > named.length) return Object.keys(LOOP)
  const names = new Set(named.map((node) => String(node.val?.value)))
  return Object.keys(LOOP).filter((name) => names.has(name))
}

class FastCompiler extends compiler.Compiler {
  _emitLoopBindings(node: Node, _array: string, i: string, length: string): void {
    const names = node.body ? loopNames(node.body) : []
    if (names.length === 0) return
    const values = names.map((name) => `${name}: ${LOOP[name]?.(i, length)}`)
    this._emitLine(`frame.variables.loop = { ${values.join(', ')} };`)
  }

  override compileLookupVal(node: Node, frame: Scope): void {
    const start = this.codebuf.length
    if (node.target) this._compileExpression(node.target, frame)
    const target = this.codebuf.splice(start).join('')
    // A local variable of the compiled code can be read twice; anything else would be computed twice.
    if (
      /^(t_\d+|l_\w+)$/.test(target) &&
      node.val instanceof nodes.Literal &&
      typeof node.val.value === 'string'
    ) {
      const key = JSON.stringify(node.val.value)
      this._emit(`(${target} == null ? undefined : runtime.member(${target}, ${key}, ${target}[${key}]))`)
    } else {
      this._emit(`runtime.memberLookup((${target}),`)
      if (node.val) this._compileExpression(node.val, frame)
      this._emit(')')
    }
  }

  // None of these opens a level of the code, as those of nunjucks do, so none is closed after them.

  compileBlock(node: Node): void {
    const call = `runtime.block(${JSON.stringify(node.name?.value)}, env, context, frame)`
    // At the top of a template that extends another, the other one runs it.
    this._emitLine(`${this.buffer} += ${this.inBlock ? call : `parentTemplate ? "" : ${call}`};`)
  }

  compileInclude(node: Node, frame: Scope): void {
    this._emit(`${this.buffer} += runtime.include(`)
    this.emitTemplate(node, frame, false)
    this._emitLine(', env, context, frame);')
  }

  compileExtends(node: Node, frame: Scope): void {
    const name = this._tmpid()
    this._emit('parentTemplate = ')
    this.emitTemplate(node, frame, true)
    this._emitLine(`;\nfor(var ${name} in parentTemplate.blocks) {`)
    this._emitLine(`context.addBlock(${name}, parentTemplate.blocks[${name}]);\n}`)
  }

  compileImport(node: Node, frame: Scope): void {
    this.bind(String((node.target as Node).value), this.emitImport(node, frame), frame)
  }

  compileFromImport(node: Node, frame: Scope): void {
    const macros = this.emitImport(node, frame)
    for (const child of node.names?.children ?? []) {
      const name = String((child.key ?? child).value)
      const alias = String(child.key ? (child.value as Node).value : child.value)
      const id = this._tmpid()
      this._emitLine(`var ${id} = ${macros}.${name};`)
      this._emitLine(`if(${id} === undefined) throw new Error("cannot import '${name}'");`)
      this.bind(alias, id, frame)
    }
  }

  private emitImport(node: Node, frame: Scope): string {
    const id = this._tmpid()
    this._emit(`var ${id} = runtime.${node.withContext ? 'exportedWith' : 'macrosOf'}(`)
    this.emitTemplate(node, frame, false)
    this._emitLine(node.withContext ? ', env, context, frame);' : ', env);')
    return id
  }

  private emitTemplate(node: Node, frame: Scope, eager: boolean): void {
    this._emit('env.getTemplate(')
    if (node.template) this._compileExpression(node.template, frame)
    this._emit(`, ${eager}, ${this._templateName()}, ${node.ignoreMissing === true})`)
  }

  private bind(name: string, id: string, frame: Scope): void {
    frame.set(name, id)
    this._emitLine(`${frame.parent ? 'frame.set' : 'context.setVariable'}(${JSON.stringify(name)}, ${id});`)
  }
}

/** Only a method, which must keep its object, needs more than the property itself. */
function member(object: unknown, key: string, value: unknown): unknown {
  return typeof value === 'function' ? stock.memberLookup(object, key) : value
}

const TO_ESCAPE = /[&"'<>\\]/

function suppressValue(value: unknown, autoescape: boolean): unknown {
  if (typeof value === 'string') return autoescape && TO_ESCAPE.test(value) ? lib.escape(value) : value
  return value === undefined || value === null ? '' : stock.suppressValue(value, autoescape)
}

function contextOrFrameLookup(
  context: { lookup(name: string): unknown },
  frame: Frame,
  name: string,
): unknown {
  for (let scope: Frame | undefined = frame; scope; scope = scope.parent) {
    const value = scope.variables[name]
    if (value !== undefined) return value
  }
  return context.lookup(name)
}

/** An error that passes from template to template says once where it comes from. */
function handleError(error: Error, line: number, column: number): Error {
  return error.name === 'Template render error' ? error : stock.handleError(error, line, column)
}

const runtime = {
  ...stock,
  handleError,
  suppressValue,
  member,
  contextOrFrameLookup,
  block,
  include,
  macrosOf,
  exportedWith,
}

/** JavaScript of a template. Only whole statements at the start of a line are rewritten: text cannot stand there. */
function compile(source: string, path: string): unknown {
  const out = new FastCompiler(path, false)
  const tree = parser.parse(source, [], { trimBlocks: true, lstripBlocks: true })
  out.compile(transform(tree, [], path))
  const code = out
    .getCode()
    .replace(
      /^function (root|b_\w+)\(env, context, frame, runtime, cb\)/gm,
      'function $1(env, context, frame, stock, cb)',
    )
    .replace(/^frame\.set\("(\w+)", (t_\d+)\);$/gm, 'frame.variables["$1"] = $2;')
  return (compileFunction(code, ['runtime'], { filename: path }) as (runtime: unknown) => unknown)(runtime)
}

/** Reads templates of these folders and compiles them as above; whitespace of blocks is trimmed. */
export const FastLoader = nunjucks.FileSystemLoader.extend({
  getSource(this: nunjucks.FileSystemLoader, name: string) {
    const found = nunjucks.FileSystemLoader.prototype.getSource.call(
      this,
      name,
    ) as nunjucks.LoaderSource | null
    if (!found) return found as unknown as nunjucks.LoaderSource
    try {
      return { ...found, src: { type: 'code', obj: compile(found.src, found.path) } as unknown as string }
    } catch (error) {
      throw lib._prettifyError(found.path, false, error)
    }
  },
})
