import type { Express, Request, Response } from 'express'
import { confirmPage, needsStepUp } from './auth/step-up.ts'
import { NotFound } from './errors.ts'
import type { Receive } from './files/receive.ts'
import type { Module, PageRoute, Route } from './page.ts'
import type { Send } from './reply.ts'
import type { ParvisRequest } from './request.ts'
import { authorize, checkParams } from './route/gate.ts'
import { runAct } from './route/run-act.ts'
import { runPage } from './route/run-page.ts'
import type { Site } from './route/site.ts'
import type { Services } from './services.ts'
import { keepOutOnlooker, leaveEndedView, noteLook } from './vue-comme.ts'

/** Mounts every route of every module. There is no other way to add a URL. */
export function mount(
  app: Express,
  modules: readonly Module[],
  services: Services,
  receive: Receive,
  send: Send,
): void {
  const pages = new Map<string, PageRoute>()
  const site: Site = { services, modules, receive, send, pages }
  for (const module of modules) {
    for (const route of module.routes) if (route.method === 'GET') pages.set(route.path, route)
  }
  for (const module of modules) {
    for (const route of module.routes) {
      const handler = (req: Request, res: Response) =>
        handle(site, module, route, req as unknown as ParvisRequest, res)
      if (route.method === 'GET') app.get(route.path, handler)
      else app.post(route.path, handler)
    }
  }
}

async function handle(
  site: Site,
  module: Module,
  route: Route,
  req: ParvisRequest,
  res: Response,
): Promise<void> {
  req.routePath = route.path
  if (req.vue) {
    if (await leaveEndedView(site.services, req, res, route)) return
    keepOutOnlooker(req, route)
  }
  if (module.module !== undefined && !req.organisme.modules.includes(module.module))
    throw new NotFound('module off')
  if (route.method === 'GET') {
    if (!authorize(route, req, res)) return
    checkParams(route, req)
    if (needsStepUp(route, req, site.services.clock())) return res.redirect(303, confirmPage(req.originalUrl))
    const { reply, ...extras } = await runPage(site, route, req)
    if (req.vue) await noteLook(site.services, req, route)
    return site.send(req, res, reply, extras)
  }
  await runAct(site, route, req, res)
}
