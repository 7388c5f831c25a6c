import { createApp } from 'vue';
import App from './App.vue';
import { createPages } from './routes.js';
import 'ol/ol.css';
import './page.css';
import './map-and-task.css';
import './office/office.css';
import './office/lists.css';
import './office/task.css';
import './office/pits.css';
import './oversight/oversight.css';

createApp(App).use(createPages()).mount('#app');
