package org.skysieve.web;

import io.quarkus.qute.i18n.MessageBundle;

/**
 * The texts of the volunteers’ pages, {@code {msg:key}} in templates: English is in messages/msg.properties, the others in
 * messages/msg_TAG.properties. A text that a language lacks is shown in English. At most 300 texts: Qute 3.34 makes no
 * code that runs for more.
 */
@MessageBundle("msg")
public interface Messages {
    // Around every page
    String skipToContent();

    String site();

    String languages();

    String switchTheme();

    String useLightTheme();

    String useDarkTheme();

    String signIn();

    String signUp();

    String signOut();

    String notices();

    String unread();

    String dataBy();

    String freeSoftware();

    String noTracking();

    // Numbers, shares and times; where | divides forms, they are those of the language's plurals in their order
    String percent(String number);

    String percentAbove(String number);

    String percentBelow(String number);

    String percentInterval(String low, String high);

    String justNow();

    String minutesAgo(String n);

    String hoursAgo(String n);

    String daysAgo(String n);

    String utc(String time);

    String change(String before, String after);

    // Said on several pages
    String startClassifying();

    // Error pages
    String error(int status);

    String errorSignIn();

    String errorForbidden();

    String errorNotFound();

    String errorTooFast();

    String errorUnavailable();

    String errorBroken();

    String errorHome();

    // The front page
    String homeTitle();

    String homeHeadline();

    String homeLead();

    String homeNoAccount();

    String homeProjects();

    String homeNoProject();

    String homeSoFar();

    String homeHow();

    String homeLook();

    String homeLookText();

    String homeVotes();

    String homeVotesText();

    String homeMachine();

    String homeMachineText();

    String homePaused();

    String homeProgress(String settled, String open);

    String figureCandidates();

    String figureVotes();

    String figureSettled();

    String figureOpen();

    String figureAmbiguous();

    String figurePeople(String n);

    String figureVotesEach(String n);

    String figureDisagree();

    String progressSettled(String settled, String all);

    String progressAmbiguous();

    // A project's page
    String projectAll();

    String projectResults();

    String newProject();

    String setUp();

    String projectAsksNothing();

    String projectProgress();

    String fieldGuide();

    String projectAbout();

    // Signing in and up
    String username();

    String password();

    String makeAccount();

    String signInFailed();

    String signInNew();

    String signInGuest();

    String signUpGuestWork();

    String signUpUsernameHint();

    String signUpName();

    String passwordHint(int shortest);

    String signUpHaveOne();

    String signUpTaken();

    String signUpBusy();

    String signUpPassword(int shortest, int longest);

    String signUpDisplayName();

    String signUpUsername();

    // One's own page
    String yourLabels();

    String accountGuest();

    String accountSettings();

    String accountAnswers();

    String accountAnswersTable();

    String accountCandidate();

    String candidateNumber(String id);

    String accountAnswer();

    String accountWhen();

    String accountNone();

    String accountTakenBack();

    String accountSkills();

    String accountSkillsSub();

    String accountVotes(String n);

    String accountGold(String agreed, String seen);

    String accountEarly();

    String accountClass();

    String accountScale();

    String accountRight();

    String accountInterval();

    String accountNoSkills();

    String settingsTitle();

    String saved();

    String save();

    String creditTitle();

    String creditText();

    String creditBox();

    String settingsDone();

    String settingsPresent();

    String settingsSessions();

    String settingsRevoke();

    String settingsWanted();

    String settingsChange();

    String settingsData();

    String settingsDataText();

    String settingsDownload();

    String settingsPrivacy();

    String settingsErase();

    String settingsEraseText();

    String settingsEraseUsername();

    String settingsEraseIt();

    // My labels
    String myLabelsLead();

    String myLabelsTitle(String project);

    String myLabelsImage(String name);

    String myLabelsSaid();

    String myLabelsChange(String answer);

    String myLabelsNone();

    String myLabelsOlder();

    String myLabelsBack();

    String outcomeOpen();

    String outcomeAmbiguous();

    String outcomeSettled(String answer);

    String outcomeSettledAsYouSaid(String answer);

    // Talk
    String talk();
}
