import { it } from 'vitest'
import { startPortal } from './support/portal.ts'
it('measures', async () => {
  const portal = await startPortal()
  const t0 = Date.now()
  await portal.owner.query(`insert into structures (organisme_id, nature, numero, nom) select o.id, 'cabinet', 'BIG' || n, 'Big ' || n from plateforme.organismes o, generate_series(1,50) n where o.code='estuaire'`)
  await portal.owner.query(`insert into adherents (organisme_id, numero, denomination, adhesion_le, structure_id)
    select o.id, (100000+n)::text, 'CLIENT ' || n, current_date, (select id from structures s where s.organisme_id=o.id and s.numero = 'BIG' || (case when n <= 2000 then 1 else 2 + n % 49 end)) from plateforme.organismes o, generate_series(1,12000) n where o.code='estuaire'`)
  await portal.owner.query(`insert into courriers (organisme_id, numero, adherent_id, structure_id, destinataire, genre, objet, publie_le, a_repondre_avant, repondu_le, archive_cabinet_le, archive_adherent_le, clos_le)
    select a.organisme_id, 'B-' || a.numero || '-' || n, a.id, a.structure_id, case when n % 2 = 0 then 'cabinet' else 'adherent' end, case when n%2=0 then 'questions_eccv' else 'information' end, 'Objet ' || n,
      now() - (n * 30 || ' days')::interval - (a.numero::int % 1000) * interval '7 minutes', case when n % 2 = 0 then current_date - n * 10 end,
      case when n % 2 = 0 and n > 2 then now() end, case when n > 2 then now() end, case when n > 2 then now() end, case when n > 3 then now() end
    from adherents a, generate_series(1,20) n where a.numero::int > 100000`)
  await portal.owner.query('analyze')
  console.log('loaded', Date.now() - t0)
  await portal.owner.query(`insert into utilisateurs (organisme_id, login, nom, role, structure_id, active_le) select organisme_id, 'BIG1', 'Big', 'cabinet', id, now() from structures where numero='BIG1'`)
  await portal.owner.query(`insert into utilisateurs (organisme_id, login, nom, role, structure_id, active_le) select organisme_id, 'BIGC', 'Big', 'collaborateur', id, now() from structures where numero='BIG1'`)
  await portal.owner.query(`insert into affectations (organisme_id, adherent_id, utilisateur_id) select a.organisme_id, a.id, u.id from adherents a, utilisateurs u where u.login='BIGC' and a.structure_id = u.structure_id and a.numero::int % 20 = 0`)
  const big = await portal.login('estuaire', 'BIG1')
  const col = await portal.login('estuaire', 'BIGC')
  const agent = await portal.login('estuaire', 'agent@estuaire.example')
  const time = async (who: typeof big, path: string) => {
    const times: number[] = []
    let status = 0
    for (let i = 0; i < 6; i++) { const t = performance.now(); status = (await who.get(path)).status; times.push(performance.now() - t) }
    console.log(path, status, times.map((t) => Math.round(t)).join(' '))
  }
  for (const p of ['/courriers', '/courriers?tri=numero', '/courriers?tri=nom', '/courriers?tri=type', '/courriers?filtre=a-repondre', '/courriers?nom=client%20199', '/courriers/archives', '/supervision/validations', '/actualites']) await time(big, p)
  await time(col, '/courriers')
  await time(col, '/courriers/archives')
  for (const p of ['/gestion/courriers', '/gestion/courriers?etat=a-traiter', '/gestion/courriers?etat=en-retard', '/gestion/courriers?etat=clos', '/gestion/courriers?numero=100050', '/gestion/courriers?numero=big3', '/gestion/courriers?nom=client%20199']) await time(agent, p)
  const page = await agent.get('/gestion/courriers')
  await time(agent, /rel="next" href="([^"]+)"/.exec(page.text)![1]!.replaceAll('&amp;', '&'))
}, 300_000)
