/**
 * Addresses of the pages, behind `#`: the server is asked for one page only, and what stands behind `#` is sent to no server. No filter and no
 * place is part of an address.
 */
import { ref } from 'vue';
import { createRouter, createWebHashHistory, type RouteRecordRaw, type Router } from 'vue-router';
import type { Role } from '../model/person.js';
import { messageOf, onRefusal } from './office/ask.js';
import { forgetNames } from './office/names.js';
import { renewal } from './office/question.js';
import { forgetSession, hasRole, learnSession, session } from './office/session.js';
import { askBeforeLeaving } from './office/unsent.js';
import AuditPage from './pages/AuditPage.vue';
import ExportsPage from './pages/ExportsPage.vue';
import LearningPage from './pages/LearningPage.vue';
import LookPage from './pages/LookPage.vue';
import LooksPage from './pages/LooksPage.vue';
import MePage from './pages/MePage.vue';
import NoticesPage from './pages/NoticesPage.vue';
import PeoplePage from './pages/PeoplePage.vue';
import PitsPage from './pages/PitsPage.vue';
import ReadingPage from './pages/ReadingPage.vue';
import ReviewsPage from './pages/ReviewsPage.vue';
import RoundsPage from './pages/RoundsPage.vue';
import SettingsPage from './pages/SettingsPage.vue';
import SignInPage from './pages/SignInPage.vue';
import TaskPage from './pages/TaskPage.vue';
import TasksPage from './pages/TasksPage.vue';
import TeamPage from './pages/TeamPage.vue';
import QuarterPage from './QuarterPage.vue';
import { keepScroll, scrollBehavior } from './scrolling.js';

declare module 'vue-router' {
  interface RouteMeta {
    title: string;
    /** In the navigation, for these roles; empty = for everyone. */
    nav?: readonly Role[];
    /** For those alone who have such a role in every area. */
    everywhere?: boolean;
    /** The first of a group in the navigation stands apart. */
    group?: 'work' | 'oversight' | 'office';
    /** The entry under which it is found. */
    under?: string;
  }
}

const PLANNERS: readonly Role[] = ['analyst', 'supervisor', 'administrator'];

export const PAGES: readonly RouteRecordRaw[] = [
  { path: '/tasks', component: TasksPage, meta: { title: '任务', group: 'work', nav: [] } },
  { path: '/tasks/:id', component: TaskPage, props: true, meta: { title: '任务详情' } },
  { path: '/reviews', component: ReviewsPage, meta: { title: '待审核', group: 'work', nav: ['reviewer'] } },
  { path: '/rounds', component: RoundsPage, meta: { title: '巡查', group: 'work', nav: ['officer', ...PLANNERS] } },
  {
    path: '/team',
    component: TeamPage,
    meta: { title: '队伍', group: 'work', nav: ['officer', 'supervisor', 'administrator'] },
  },
  {
    path: '/map/:id?',
    component: QuarterPage,
    props: true,
    meta: { title: '季度地图', group: 'work', nav: [] },
  },
  { path: '/pits', component: PitsPage, meta: { title: '补报图斑', group: 'work', nav: [] } },
  {
    path: '/second-looks',
    component: LooksPage,
    meta: { title: '随机督查', group: 'oversight', nav: ['officer', 'analyst', 'reviewer', 'supervisor'] },
  },
  { path: '/second-looks/:id', component: LookPage, props: true, meta: { title: '复核' } },
  {
    path: '/learning',
    component: LearningPage,
    meta: { title: '排序学习', group: 'oversight', nav: PLANNERS, everywhere: true },
  },
  {
    path: '/audit',
    component: AuditPage,
    meta: { title: '审计', group: 'oversight', nav: ['supervisor', 'administrator'] },
  },
  { path: '/exports', component: ExportsPage, meta: { title: '导出记录', under: '/audit' } },
  { path: '/reading', component: ReadingPage, meta: { title: '查阅异常', under: '/audit' } },
  {
    path: '/people',
    component: PeoplePage,
    meta: { title: '人员与权限', group: 'office', nav: ['administrator'] },
  },
  { path: '/settings', component: SettingsPage, meta: { title: '设置', group: 'office', nav: ['administrator'] } },
  { path: '/notices', component: NoticesPage, meta: { title: '通知' } },
  { path: '/me', component: MePage, meta: { title: '我的账号' } },
  { path: '/sign-in', component: SignInPage, meta: { title: '登录' } },
];

/** Addresses of before there were other pages: `#T…` is a task on the map. */
const EARLIER: RouteRecordRaw = { path: '/:id(T[^/]+)', redirect: ({ params }) => `/map/${params.id}` };

export function createPages(): Router {
  const router = createRouter({
    history: createWebHashHistory(),
    routes: [...PAGES, EARLIER, { path: '/:rest(.*)*', redirect: () => home() }],
    scrollBehavior,
  });
  onRefusal({
    signedOut: () => {
      if (!session.required) return;
      forgetSession();
      forgetNames();
      void router.replace('/sign-in');
    },
    oldPassword: () => router.replace('/me'),
    oldSignIn: renewal.ask,
  });
  router.onError((error) => {
    notOpened.value = messageOf(error);
  });
  askBeforeLeaving(router);
  router.beforeEach((_to, from) => keepScroll(from.path));
  router.beforeEach(async ({ path }) => {
    if (!session.known) await learnSession();
    if (!session.required) return path.startsWith('/map') ? true : '/map';
    if (session.me === null) return path === '/sign-in' ? true : '/sign-in';
    if (session.me.mustChangePassword) return path === '/me' ? true : '/me';
    return path === '/sign-in' || path === '/' ? home() : true;
  });
  return router;
}

/** Why the page that was asked for could not be opened; empty = it was. */
export const notOpened = ref('');

/** Where one begins: reviewers at what waits for them. */
function home(): string {
  if (!session.required) return '/map';
  return hasRole('reviewer') && !hasRole('officer', 'supervisor', 'administrator') ? '/reviews' : '/tasks';
}
