// One after the other: the object store lets pages of one origin come, so there is one front door at a time.
import './looks.suite.js';
import './voice.suite.js';
import './tabs.suite.js';
import './network.suite.js';
import './oidc.suite.js';
import './threads.suite.js';
