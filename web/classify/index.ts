import './classify.css';
import { ClassifyPage } from './page';

const root = document.querySelector<HTMLElement>('[data-classify]');
if (root) new ClassifyPage(root).start();
