import './tokens.css';
import './base.css';
import './layout.css';
import './components.css';
import './plain.css';
import './charts.css';
import { themeToggle } from './theme';
import { copyLink } from './copy';
import { livePage } from './live';
import { tellZone } from './zone';

themeToggle();
livePage();
tellZone();
copyLink();
