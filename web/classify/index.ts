import './classify.css';
import { speakFor } from './api';
import { Drawer } from './drawer';
import { ClassifyPage } from './page';

const root = document.querySelector<HTMLElement>('[data-classify]');
if (root) {
  // Empty for somebody new, who becomes a guest with their first candidate.
  const owner = root.dataset['volunteer'] ?? '';
  speakFor(owner);
  void Drawer.open(owner).then((drawer) => new ClassifyPage(root, drawer).start());
}
