import './classify.css';
import { Drawer } from './drawer';
import { NEW_GUEST } from './outbox';
import { ClassifyPage } from './page';

const root = document.querySelector<HTMLElement>('[data-classify]');
if (root) {
  const owner = root.dataset['volunteer'] || NEW_GUEST;
  void Drawer.open([owner, NEW_GUEST]).then((drawer) => new ClassifyPage(root, owner, drawer).start());
}
