package org.skysieve.web;

import java.util.Map;

import org.skysieve.project.ProjectTranslation;
import org.skysieve.project.ProjectTranslation.OfAnswer;
import org.skysieve.project.ProjectTranslation.OfWorkflow;

/** The demo project's own texts in the other languages. */
final class DemoTexts {
    private DemoTexts() {}

    static ProjectTranslation spanish(String workflow) {
        return new ProjectTranslation(
                "Cielo simulado",
                "Separa lo que de verdad cambió en el cielo de lo que solo lo parece.",
                "Un sondeo simulado con los defectos de uno real: dipolos, píxeles calientes, rayos cósmicos, trazas y"
                        + " reflejos entre supernovas, estrellas variables y asteroides. Aquí nada fue observado, así"
                        + " que nada puede salir mal: pruébalo todo.",
                "Simulado por Skysieve",
                Map.of(
                        workflow,
                        new OfWorkflow(
                                "Real o falsa",
                                "¿De verdad cambió algo aquí?",
                                Map.of(
                                        "real",
                                        new OfAnswer(
                                                "Real",
                                                "Un punto redondo, como una estrella, en la diferencia, tan nítido como"
                                                        + " las estrellas de al lado: una supernova, una estrella"
                                                        + " variable, un asteroide."),
                                        "bogus",
                                        new OfAnswer(
                                                "Falsa",
                                                "Todo lo demás: un par claro y oscuro, un solo píxel caliente, una"
                                                        + " raya, anillos, el borde del chip.")),
                                Map.of(
                                        "Is there a host galaxy?",
                                        "¿Hay una galaxia anfitriona?",
                                        "A fuzzy patch beside the spot or under it, in the template too.",
                                        "Una mancha difusa junto al punto o debajo de él, también en la plantilla.",
                                        "Yes",
                                        "Sí",
                                        "No",
                                        "No"))));
    }

    static ProjectTranslation arabic(String workflow) {
        return new ProjectTranslation(
                "سماء محاكاة",
                "ميّز ما تغيّر في السماء حقًّا ممّا يبدو كذلك فحسب.",
                "مسح فلكي محاكى فيه عيوب المسح الحقيقي: ثنائيات أقطاب، وبكسلات ساخنة، وأشعة كونية، وآثار خطّية، وانعكاسات"
                        + " شبحية، بين مستعرات عظمى ونجوم متغيّرة وكويكبات. لم يُرصد شيء هنا، فلا خوف من الخطأ:"
                        + " جرّب كل شيء.",
                "محاكاة من Skysieve",
                Map.of(
                        workflow,
                        new OfWorkflow(
                                "حقيقي أم زائف",
                                "هل تغيّر شيء هنا حقًّا؟",
                                Map.of(
                                        "real",
                                        new OfAnswer(
                                                "حقيقي",
                                                "بقعة مستديرة كالنجم في صورة الفرق، بحدّة النجوم المجاورة لها: مستعر"
                                                        + " أعظم، أو نجم متغيّر، أو كويكب."),
                                        "bogus",
                                        new OfAnswer(
                                                "زائف",
                                                "كل ما عدا ذلك: زوج فاتح وداكن، أو بكسل ساخن وحيد، أو خطّ، أو حلقات،"
                                                        + " أو حافة الشريحة.")),
                                Map.of(
                                        "Is there a host galaxy?",
                                        "هل توجد مجرّة مضيفة؟",
                                        "A fuzzy patch beside the spot or under it, in the template too.",
                                        "بقعة ضبابية بجانب النقطة أو تحتها، في الصورة المرجعية أيضًا.",
                                        "Yes",
                                        "نعم",
                                        "No",
                                        "لا"))));
    }
}
