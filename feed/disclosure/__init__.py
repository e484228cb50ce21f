"""The engine: one history, many lenses.

``disclose`` turns what happened into what one viewer is shown under one platform's rules;
``infer`` turns what somebody saw, look by look, into what follows from it. Nothing in this
package knows Django, a clock, a database or chance.
"""
